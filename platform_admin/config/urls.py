"""Every address of the control plane."""

from __future__ import annotations

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from platform_admin.config.health import health

admin.site.index_title = "Overview"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="authoring:landing")),
    path("favicon.ico", RedirectView.as_view(url=static("config/favicon.svg"))),
    path("health", health, name="health"),
    path("", include("platform_admin.sight.root_urls")),
    path("", include("platform_admin.people.urls")),
    path("api/runtime/v1/", include("platform_admin.runtime_api.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("webhooks/", include("platform_admin.whatsapp.urls")),
    path("", include("platform_admin.authoring.shared_urls")),
    path("admin/authoring/", include("platform_admin.authoring.urls")),
    path("admin/connect/", include("platform_admin.connect.urls")),
    path("admin/sight/", include("platform_admin.sight.urls")),
    path("admin/", admin.site.urls),
]
