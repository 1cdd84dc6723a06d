"""How often something may be tried before its door closes for a while.

An attempt is counted before it is looked at, in the database, so that any number of processes and of requests at the
same moment share one count. Who is right is forgiven. A door opens again by itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from platform_admin.errors import TooManyAttemptsError
from platform_admin.people.models import Attempts
from platform_admin.people.visitor import Visitor
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Stranger

WINDOW: Final = timedelta(minutes=15)
"""Attempts this far apart are not counted together."""

KEPT: Final = timedelta(days=2)
"""A count without an attempt for so long is forgotten; longer than any closure."""


@dataclass(frozen=True, slots=True)
class Door:
    """``most`` attempts within ``WINDOW``, then closed for ``closed_for``, doubled each time up to ``longest``."""

    name: str
    most: int
    closed_for: timedelta = WINDOW
    longest: timedelta = WINDOW


_DAY: Final = timedelta(days=1)

# Five wrong passwords from one place is a forgetful person. An account's own bound is wider, so that a stranger
# elsewhere does not lock her out with five requests; an address's is that of a whole shop behind one router.
SIGN_IN_HERE: Final = Door("sign-in, here", 5)
SIGN_IN_ACCOUNT: Final = Door("sign-in, account", 30)
SIGN_IN_ADDRESS: Final = Door("sign-in, address", 60)
# Who tries codes knows the password already. Three codes of a million are right at one time: with doubling pauses
# a day allows some forty attempts, one chance in eight thousand.
CODE: Final = Door("code", 5, longest=_DAY)
CODE_ADDRESS: Final = Door("code, address", 60)
# Mails cost and annoy.
MAIL_ACCOUNT: Final = Door("mail, account", 3, closed_for=timedelta(hours=1), longest=timedelta(hours=1))
MAIL_ADDRESS: Final = Door("mail, address", 20, closed_for=timedelta(hours=1), longest=timedelta(hours=1))
# A token has 256 bits; the bound keeps guessing out of the logs rather than out of the house.
LINK_ADDRESS: Final = Door("link, address", 20)
# The present password, asked for again before something important.
PASSWORD_AGAIN: Final = Door("password again", 5)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at one door under one name (an account, an address); the name is stored as a hash."""

    door: Door
    name: str

    @property
    def hashed(self) -> str:
        return hashlib.sha256(self.name.encode("utf-8", "surrogatepass")).hexdigest()


def knock(*tries: Try, by: Visitor, now: datetime, subject: str = "") -> None:
    """Count one attempt at each. Raises ``TooManyAttemptsError`` when one is closed; then none is counted.

    ``subject`` is whom it is about, for the trail, which hears of a closure once.
    """
    until = _count(tries, by=by, now=now, subject=subject)
    if until is not None:
        raise TooManyAttemptsError(until=until)


@transaction.atomic
def _count(tries: tuple[Try, ...], *, by: Visitor, now: datetime, subject: str) -> datetime | None:
    rows = [(one.door, _locked(one, now)) for one in sorted(tries, key=lambda one: (one.door.name, one.hashed))]
    closed = [(row.closed_until, door, row) for door, row in rows if row.closed_until and row.closed_until > now]
    if closed:
        for until, door, row in closed:
            _tell_once(door, row, until=until, by=by, subject=subject)
        return max(until for until, _, _ in closed)
    for door, row in rows:
        _add_one(door, row, now)
    return None


def forgive(*tries: Try) -> None:
    """It was right: the account starts anew; an address that others share gets its one attempt back."""
    for one in tries:
        _forgive(one)


def forget_name(door: Door, name: str) -> None:
    """Open a door for a name, whatever was tried."""
    Attempts.objects.filter(door=door.name, name=Try(door, name).hashed).delete()


def forget_old(*, now: datetime) -> int:
    """Counts that nobody added to for ``KEPT``."""
    removed, _ = Attempts.objects.filter(since__lt=now - KEPT).delete()
    return removed


_SHARED: Final = frozenset({SIGN_IN_ADDRESS.name, CODE_ADDRESS.name, LINK_ADDRESS.name})


@transaction.atomic
def _forgive(one: Try) -> None:
    rows = Attempts.objects.select_for_update().filter(door=one.door.name, name=one.hashed)
    if one.door.name not in _SHARED:
        rows.delete()
        return
    for row in rows:
        row.count = max(0, row.count - 1)
        row.closed_until = row.closed_until if row.count >= one.door.most else None
        row.save(update_fields=["count", "closed_until"])


def _locked(one: Try, now: datetime) -> Attempts:
    Attempts.objects.bulk_create([Attempts(door=one.door.name, name=one.hashed, since=now)], ignore_conflicts=True)
    return Attempts.objects.select_for_update().get(door=one.door.name, name=one.hashed)


def _add_one(door: Door, row: Attempts, now: datetime) -> None:
    if row.closed_until is not None or row.since <= now - WINDOW:
        row.closures = row.closures if row.since > now - KEPT else 0
        row.count, row.since, row.closed_until, row.told = 0, now, None, False
    row.count += 1
    if row.count >= door.most:
        row.closed_until = now + min(door.closed_for * 2**row.closures, door.longest)
        row.closures += 1
    row.save()


def _tell_once(door: Door, row: Attempts, *, until: datetime, by: Visitor, subject: str) -> None:
    if row.told:
        return
    row.told = True
    row.save(update_fields=["told"])
    audit.record(
        by=Stranger(by.address),
        verb="was refused: too many attempts",
        subject=subject,
        details={"door": door.name, "until": until.isoformat()},
    )
