"""Lengths of time as a flow writes them: ``45s``, ``30m``, ``2h``, ``3d``."""

from __future__ import annotations

import re
from typing import Final

DAY_SECONDS: Final = 86_400

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,5})([smhd])", re.ASCII)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": DAY_SECONDS}


def seconds(text: str | None) -> int:
    """The length in seconds; 0 where it cannot be read."""
    match = _WRITTEN.fullmatch(text or "")
    return 0 if match is None else int(match[1]) * _UNITS[match[2]]
