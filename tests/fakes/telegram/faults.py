"""What can go wrong with a call, told in advance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """``refuse``: answered with ``code`` and ``description``. ``hang`` and ``cut`` take the call first."""

    kind: Literal["refuse", "hang", "cut"]
    code: int = 429
    description: str = "Too Many Requests"
    retry_after: int | None = None
    method: str | None = None
    """Only a call of this method is hit; ``None`` hits the next of any."""
