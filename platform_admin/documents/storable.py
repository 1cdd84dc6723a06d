"""What a text must not hold to be stored: PostgreSQL's text has no NUL, and half of a surrogate pair has no UTF-8."""

from __future__ import annotations

import re
from typing import Final

UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return UNSTORABLE.search(text) is None
