"""Controllers work in their own time; a test waits until what they do is seen."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0
_POLL_S = 0.1


def eventually(is_so: Callable[[], bool], *, within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(_POLL_S)
