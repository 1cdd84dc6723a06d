"""Customer service windows: who wrote when. Enforced only once somebody has written, or when told to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_S = 24 * 3600


@dataclass(slots=True)
class Windows:
    """Per number and customer. Without ``enforced`` every window is open, as tests that send one message expect."""

    enforced: bool = False
    now: Callable[[], float] = time.time
    _opened_at: dict[tuple[str, str], float] = field(default_factory=dict)

    def wrote(self, phone_number_id: str, customer: str, at: float | None = None) -> None:
        """The customer wrote to the number, now or at ``at`` (Unix seconds)."""
        self._opened_at[phone_number_id, customer.lstrip("+")] = self.now() if at is None else at

    def is_open(self, phone_number_id: str, customer: str) -> bool:
        if not self.enforced:
            return True
        opened_at = self._opened_at.get((phone_number_id, customer.lstrip("+")))
        return opened_at is not None and self.now() - opened_at < WINDOW_S
