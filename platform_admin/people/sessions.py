"""A person's sessions: begun, seen, listed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from platform_admin.people.models import PersonSession
from platform_admin.people.session_engine import ADDRESS, BEGAN_AT, DEVICE, SEEN_AT
from platform_admin.people.visitor import Visitor, visitor_of
from platform_admin.tenants.models import User

IDLE_OPERATOR: Final = timedelta(hours=12)
"""A working day: what an operator can do concerns every tenant."""

IDLE: Final = timedelta(days=14)
"""A hairdresser comes back after her holidays and is not asked again."""

WHOLE: Final = timedelta(days=30)
"""However busy, after this a session ends."""

SEEN_EVERY: Final = timedelta(minutes=5)
"""A page must not cost a write; the list shows minutes."""

_HANDLE_CHARS: Final = 20
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of a person's list. ``handle`` names it in forms; the key itself stays on the server."""

    handle: str
    device: str
    address: str
    began_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def begin(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Sign ``user`` in on this browser, under a new session key."""
    visitor: Visitor = visitor_of(request)
    login(request, user, backend=_BACKEND)
    request.session.update(
        {DEVICE: visitor.device, ADDRESS: visitor.address, BEGAN_AT: now.isoformat(), SEEN_AT: now.isoformat()}
    )
    request.session.set_expiry(int((IDLE_OPERATOR if user.is_superuser else IDLE).total_seconds()))


def note_seen(request: HttpRequest, *, now: datetime) -> bool:
    """Move the idle time on, about every five minutes; whether the session may go on at all."""
    began, seen = request.session.get(BEGAN_AT), request.session.get(SEEN_AT)
    if began is not None and datetime.fromisoformat(began) <= now - WHOLE:
        return False
    if seen is None or datetime.fromisoformat(seen) <= now - SEEN_EVERY:
        request.session[SEEN_AT] = now.isoformat()
    return True


def sessions_of(user: User, *, present: str | None) -> list[OwnSession]:
    """The live ones, the last seen first. ``present`` is the key of the one that asks."""
    rows = PersonSession.objects.filter(user=user, expire_date__gt=timezone.now())
    return [
        OwnSession(
            handle=handle_of(row.session_key),
            device=row.device,
            address=row.address,
            began_at=row.began_at,
            seen_at=row.seen_at,
            is_this=row.session_key == present,
        )
        for row in rows.order_by("-seen_at")
    ]


def end_one(user: User, handle: str) -> bool:
    """End the person's own session of that handle; whether there was one."""
    own = PersonSession.objects.filter(user=user)
    keys = [key for key in own.values_list("session_key", flat=True) if handle_of(key) == handle]
    removed, _ = own.filter(session_key__in=keys).delete()
    return removed > 0


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of a person except the one with the key ``but``; how many there were."""
    removed, _ = PersonSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    return removed


def handle_of(session_key: str) -> str:
    """A name for a session that opens nothing."""
    return salted_hmac("frontdesk.people.session", session_key, algorithm="sha256").hexdigest()[:_HANDLE_CHARS]
