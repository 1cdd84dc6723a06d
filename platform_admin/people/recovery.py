"""Recovery codes: ten to write down, each good once in place of a code from the phone."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import check_password, make_password

from platform_admin.people.models import RecoveryCode
from platform_admin.tenants.models import User

HOW_MANY: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is mistaken for something else on paper."""

_GROUP: Final = 4
_GROUPS: Final = 4
"""The first finds the row, the others are hashed: 31^12, over 59 bits."""


def fresh_codes(user: User) -> list[str]:
    """Replace all of a person's codes; in clear for their only appearance."""
    RecoveryCode.objects.filter(user=user).delete()
    codes: dict[str, str] = {}
    while len(codes) < HOW_MANY:
        locator, *rest = (_group() for _ in range(_GROUPS))
        codes.setdefault(locator, "-".join([locator, *rest]))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, locator=locator, hashed=make_password(code)) for locator, code in codes.items()
    )
    return list(codes.values())


def use_code(user: User, typed: str, *, now: datetime) -> bool:
    """Use a code up. Call inside a transaction: the row is held. A wrong one costs the same hash."""
    code = _normalised(typed)
    row = RecoveryCode.objects.select_for_update().filter(user=user, locator=code[:_GROUP]).first()
    if row is None or row.used_at is not None:
        make_password(code)
        return False
    if not check_password(code, row.hashed):
        return False
    row.used_at = now
    row.save(update_fields=["used_at"])
    return True


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def looks_like_one(typed: str) -> bool:
    return len(_normalised(typed)) == _GROUP * _GROUPS + _GROUPS - 1


def _normalised(typed: str) -> str:
    letters = "".join(character for character in typed.lower() if character in _ALPHABET)
    groups = [letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP)]
    return "-".join(groups)[: _GROUP * _GROUPS + _GROUPS - 1]


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))
