"""One-time links: issued, looked at, used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from platform_admin.errors import LinkNotGoodError
from platform_admin.people.models import OneTimeLink
from platform_admin.people.one_time import digest_of, fresh_token, link_to
from platform_admin.tenants.models import User

LIVES: Final = {
    OneTimeLink.Purpose.SET_UP: timedelta(hours=24),
    OneTimeLink.Purpose.NEW_PASSWORD: timedelta(hours=1),
    OneTimeLink.Purpose.NEW_ADDRESS: timedelta(hours=24),
}
"""How long a link is good. A new password is set at once or asked for again."""

_PAGE: Final = {
    OneTimeLink.Purpose.SET_UP: "new_password_link",
    OneTimeLink.Purpose.NEW_PASSWORD: "new_password_link",
    OneTimeLink.Purpose.NEW_ADDRESS: "new_address_link",
}


def issue_link(*, user: User, purpose: OneTimeLink.Purpose, now: datetime, email: str = "") -> str:
    """The whole address, for its only appearance. An older one of the same purpose is good no longer."""
    token = fresh_token()
    kept = {"digest": digest_of(token), "email": email, "expires_at": now + LIVES[purpose], "used_at": None}
    OneTimeLink.objects.update_or_create(user=user, purpose=purpose, defaults=kept)
    return link_to(_PAGE[purpose], token)


def find_link(token: str, *purposes: OneTimeLink.Purpose, now: datetime, lock: bool = False) -> OneTimeLink:
    """The good link behind a token. Raises ``LinkNotGoodError``, without saying what is wrong with it."""
    rows = OneTimeLink.objects.select_related("user")
    if lock:
        rows = rows.select_for_update(of=("self",))
    good = Q(used_at=None, expires_at__gt=now, user__is_active=True, purpose__in=purposes)
    link = rows.filter(good, digest=digest_of(token)).first()
    if link is None:
        raise LinkNotGoodError(_("This link is used up, withdrawn or past its time. Ask for a new one."))
    return link


def use_link(link: OneTimeLink, *, now: datetime) -> None:
    link.used_at = now
    link.save(update_fields=["used_at"])
