"""How the admin looks: one accent colour, a short sidebar in the order of the work."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy

_static = lazy(static, str)

_ACCENT: Final = {
    # Shades of #0b6e63 (600), lightness spread evenly in OKLCH so that text on them stays readable.
    "50": "oklch(97.4% .013 184)",
    "100": "oklch(94.6% .024 184)",
    "200": "oklch(88.9% .045 184)",
    "300": "oklch(80.5% .070 184)",
    "400": "oklch(69.5% .088 184)",
    "500": "oklch(57.0% .090 184)",
    "600": "oklch(48.7% .083 184)",
    "700": "oklch(42.0% .071 184)",
    "800": "oklch(35.6% .059 184)",
    "900": "oklch(30.4% .048 184)",
    "950": "oklch(21.8% .036 184)",
}

_INK: Final = {
    # Warm paper #f7f6f3 to ink #1c2127, hairlines #e6e3dc, quiet text #667085.
    "50": "oklch(97.4% .004 91)",
    "100": "oklch(95.4% .006 91)",
    "200": "oklch(91.7% .009 88)",
    "300": "oklch(86.0% .010 88)",
    "400": "oklch(70.5% .017 258)",
    "500": "oklch(54.4% .032 262)",
    "600": "oklch(44.6% .026 258)",
    "700": "oklch(37.3% .024 258)",
    "800": "oklch(29.0% .018 258)",
    "900": "oklch(24.6% .013 253)",
    "950": "oklch(17.5% .011 253)",
}


def _item(title: Promise, icon: str, model: str) -> dict[str, Any]:
    """The list of a model (``app_label_modelname``), for those who may open it."""
    app, _, name = model.rpartition("_")

    def may_look(request: HttpRequest) -> bool:
        return request.user.has_perm(f"{app}.view_{name}")

    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model}_changelist"),
        "permission": may_look,
    }


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _is_member(request: HttpRequest) -> bool:
    return not _is_operator(request)


UNFOLD_THEME: Final[dict[str, Any]] = {
    "SITE_TITLE": "Frontdesk",
    "SITE_HEADER": "Frontdesk",
    "SITE_SUBHEADER": gettext_lazy("Control plane"),
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _static("config/favicon.svg")},
    ],
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "platform_admin.observability.overview.for_index",
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _ACCENT, "base": _INK},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": gettext_lazy("Your business"),
                "items": [
                    {
                        "title": gettext_lazy("Conversation and texts"),
                        "icon": "forum",
                        "link": reverse_lazy("authoring:landing"),
                        "permission": _is_member,
                    },
                    {
                        "title": gettext_lazy("Your account"),
                        "icon": "person",
                        "link": reverse_lazy("people:account"),
                        "permission": _is_member,
                    },
                ],
            },
            {
                "title": gettext_lazy("Businesses"),
                "items": [
                    _item(gettext_lazy("Tenants"), "storefront", "tenants_tenant"),
                    _item(gettext_lazy("Deployments"), "dns", "fleet_deployment"),
                    _item(gettext_lazy("Runtimes seen"), "monitor_heart", "observability_runtimesighting"),
                ],
            },
            {
                "title": gettext_lazy("Conversations"),
                "separator": True,
                "items": [
                    _item(gettext_lazy("Flows"), "account_tree", "flows_flow"),
                    _item(gettext_lazy("Knowledge"), "menu_book", "knowledge_knowledgedocument"),
                ],
            },
            {
                "title": gettext_lazy("Going live"),
                "separator": True,
                "items": [
                    _item(gettext_lazy("Settings"), "tune", "releases_tenantsettings"),
                    _item(gettext_lazy("Credentials"), "key", "credentials_credential"),
                    _item(gettext_lazy("Templates"), "sms", "message_templates_messagetemplate"),
                    _item(gettext_lazy("Releases"), "rocket_launch", "releases_release"),
                ],
            },
            {
                "title": gettext_lazy("People and access"),
                "separator": True,
                "items": [
                    _item(gettext_lazy("Users"), "group", "tenants_user"),
                    _item(gettext_lazy("Memberships"), "badge", "tenants_membership"),
                    _item(gettext_lazy("Runtime tokens"), "vpn_key", "tenants_runtimetoken"),
                    {
                        "title": gettext_lazy("Audit trail"),
                        "icon": "history",
                        "link": reverse_lazy("whole_trail"),
                        "permission": _is_operator,
                    },
                ],
            },
        ],
    },
}
