"""Roles and scopes in words that business staff use."""

from __future__ import annotations

from typing import assert_never

from django.utils.translation import gettext as _

from platform_admin.tenants.models import Role, Scope


def role_name(role: Role) -> str:
    match role:
        case Role.VIEWER:
            return _("Viewer")
        case Role.EDITOR:
            return _("Editor")
        case Role.PUBLISHER:
            return _("Publisher")
        case Role.OWNER:
            return _("Owner")
        case _unreachable:
            assert_never(_unreachable)


def role_meaning(role: Role) -> str:
    match role:
        case Role.VIEWER:
            return _("looks, changes nothing")
        case Role.EDITOR:
            return _("writes drafts and answers customers")
        case Role.PUBLISHER:
            return _("also puts drafts live")
        case Role.OWNER:
            return _("also decides about people, connections and tokens")
        case _unreachable:
            assert_never(_unreachable)


def scope_meaning(scope: Scope) -> str:
    match scope:
        case Scope.BUNDLE:
            return _("Fetch releases")
        case Scope.REPORT:
            return _("Report")
        case Scope.COMMANDS:
            return _("Fetch requests")
        case Scope.EXPORTS:
            return _("Hand in exports")
        case _unreachable:
            assert_never(_unreachable)
