"""Addresses that are no page to measure, each with its reason. Every other address is one."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Final

from bench.control_plane.routes import Route

PRESSED: Final = "a button: it answers a POST alone"
_FILE: Final = "a file to take away, written while it is read"
_DOOR: Final = "of somebody who is not signed in, and has no business yet"

EXCEPTED: Final[Mapping[str, tuple[str, ...]]] = {
    PRESSED: (
        "admin:logout", "admin:tenants_tenant_resume", "admin:tenants_tenant_suspend",
        "authoring:begin", "authoring:conversation-check", "authoring:conversation-link",
        "authoring:conversation-phone", "authoring:conversation-real", "authoring:copy-look", "authoring:copy-restore",
        "authoring:customer-do", "authoring:faq-answer", "authoring:faq-ask", "authoring:faq-expect",
        "authoring:faq-expect-no-more", "authoring:faq-put-aside", "authoring:go-back", "authoring:publish-go",
        "authoring:remove-test", "authoring:save-test", "authoring:take-back",
        "connect:disconnect", "connect:free_answers", "connect:probe", "connect:whatsapp_check",
        "people:admin_sign_out", "people:change_role", "people:end_other_sessions", "people:end_session",
        "people:invite", "people:issue_token", "people:new_codes", "people:remove_member",
        "people:require_second_factor", "people:revoke_token", "people:second_factor_off", "people:send_again",
        "people:sign_out", "people:withdraw",
        "sight:ask_export", "sight:do", "sight:erase",
        "csp-report",
    ),
    "leads to another page": (
        "", "favicon.ico", "authoring:landing", "admin:login", "admin:password_change", "admin/*/<path:object_id>/",
        "people:admin_password", "people:admin_sign_in", "set_language",
    ),
    "there is no such page: the admin's answer to any other address": ("admin/(?P<url>.*)$",),
    "no model has a public page of its own": ("admin:view_on_site",),
    _FILE: (
        "authoring:copy-conversation", "authoring:copy-everything", "authoring:copy-faq", "sight:download",
        "sight:trail_export", "whole_trail_export",
    ),
    _DOOR: (
        "people:forgotten", "people:invitation", "people:invitation_link", "people:new_address",
        "people:new_address_link", "people:new_password", "people:new_password_link", "people:sign_in",
        "people:sign_in_code",
    ),
    "shown once a second step is set up; until then it leads to setting one up": ("people:second_factor",),
    "asks the calendar's provider, whose time it would be": ("connect:choose",),
    "the phone on the page of a shared draft: it answers a POST alone, of whoever has the link": ("try-draft-phone",),
    "for programs": ("health", "metrics", "robots.txt", "runtime-*", "whatsapp_app_webhook"),
}  # fmt: skip
"""Reason → names of addresses (``Route.name``); ``*`` stands for any run of letters."""


def reason_for(route: Route) -> str | None:
    """Why the address is no page; ``None`` for one that is."""
    for reason, names in EXCEPTED.items():
        if route.name in names or any("*" in name and fnmatch.fnmatchcase(route.name, name) for name in names):
            return reason
    return None
