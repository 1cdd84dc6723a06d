"""What a start has made stays for as long as the process: nobody need look through it again and again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Drop what the start left over and keep the rest out of later collections.

    A full collection walks through every object of every loaded module: the event loop stood still for it for 20 ms in
    the middle of the work, and each page it touched became this process's own.
    """
    gc.collect()
    gc.freeze()
