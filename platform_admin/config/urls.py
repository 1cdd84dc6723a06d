"""Every address of the control plane."""

from __future__ import annotations

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView

from platform_admin.config.csp import REPORT_PATH
from platform_admin.config.csp_report import csp_report
from platform_admin.config.health import health
from platform_admin.config.robots import robots

admin.site.index_title = gettext_lazy("Overview")

SAFE = ["get", "head", "options"]
"""Of what only leads elsewhere."""

handler400 = "platform_admin.config.error_pages.bad_request"
handler403 = "platform_admin.config.error_pages.permission_denied"
handler404 = "platform_admin.config.error_pages.page_not_found"
handler500 = "platform_admin.config.error_pages.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="authoring:landing", http_method_names=SAFE)),
    path("favicon.ico", RedirectView.as_view(url=static("config/favicon.svg"), http_method_names=SAFE)),
    path("robots.txt", robots),
    path(REPORT_PATH.removeprefix("/"), csp_report, name="csp-report"),
    path("health", health, name="health"),
    path("", include("platform_admin.sight.root_urls")),
    path("", include("platform_admin.people.urls")),
    path("api/runtime/v1/", include("platform_admin.runtime_api.urls")),
    path("api/runtime/v1/", include("platform_admin.fleet.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("webhooks/", include("platform_admin.whatsapp.urls")),
    path("", include("platform_admin.authoring.shared_urls")),
    path("admin/authoring/", include("platform_admin.authoring.urls")),
    path("admin/connect/", include("platform_admin.connect.urls")),
    path("admin/sight/", include("platform_admin.sight.urls")),
    path("admin/", admin.site.urls),
]
