"""What a start has made stays for as long as the process: nobody need look through it again and again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Keep what is there now out of later collections.

    A full collection walks through every object of every loaded module: the event loop stood still for it for some
    20 ms in the middle of the work. There is nothing to be found among them: a start leaves thirty objects behind.
    """
    gc.freeze()
