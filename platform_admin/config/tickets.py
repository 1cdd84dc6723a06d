"""Words that we sign and that come back as part of an address: good for an hour, and readable before any database is.

A ticket names what it is for. It is no secret: whoever comes with one shows a key of their own as well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core import signing

LIFE: Final = timedelta(hours=1)
"""A copy of some gigabytes is begun within it; what it takes after that does not count."""

SALT: Final = "platform_admin.config.tickets"


def issue_ticket(*words: str) -> str:
    return signing.dumps(list(words), salt=SALT)


def read_ticket(ticket: str) -> tuple[str, ...] | None:
    """The words it was issued for; ``None`` for one that is not ours, was changed or is too old."""
    try:
        words = signing.loads(ticket, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    return tuple(map(str, words))
