"""Whether a session has passed, or need not pass, the second factor. Decided once and kept in the session."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from platform_admin.people.models import Authenticator
from platform_admin.people.sessions import end_all
from platform_admin.tenants.models import Tenant, User

_KEY: Final = "second_factor"


class Standing(StrEnum):
    """``MISSING`` is never kept: it is looked at again until a second factor is set up."""

    SHOWN = "shown"
    NOT_NEEDED = "not needed"
    MISSING = "missing"


def standing_of(request: HttpRequest, user: User) -> Standing:
    """Of a signed-in person's session. Costs a query once per session, and on every page while it is missing."""
    kept = request.session.get(_KEY)
    if kept == Standing.SHOWN:
        return Standing.SHOWN
    if user.is_superuser and not settings.SKIP_SECOND_FACTOR:
        return Standing.MISSING
    if kept == Standing.NOT_NEEDED:
        return Standing.NOT_NEEDED
    if is_needed(user):
        return Standing.MISSING
    request.session[_KEY] = str(Standing.NOT_NEEDED)
    return Standing.NOT_NEEDED


def is_needed(user: User) -> bool:
    """Operators always, members where an owner says so, and whoever has set one up."""
    if user.is_superuser and not settings.SKIP_SECOND_FACTOR:
        return True
    if Tenant.objects.filter(memberships__user=user, second_factor_required=True).exists():
        return True
    return has_second_factor(user)


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(confirmed_at=None).exists()


def note_shown(request: HttpRequest) -> None:
    request.session[_KEY] = str(Standing.SHOWN)


def note_removed(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def look_again(request: HttpRequest) -> None:
    """Something may be asked of this person that was not: look on the next page."""
    if request.session.get(_KEY) == Standing.NOT_NEEDED:
        note_removed(request)


def ask_anew(user: User, *, but: str | None = None) -> None:
    """What is asked of this person may have changed: without a second factor they sign in again.

    ``but`` is the key of a session whose page forgets its standing itself (``note_removed``).
    """
    if is_needed(user) and not has_second_factor(user):
        end_all(user, but=but)
