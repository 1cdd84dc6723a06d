"""What the command line answers to the shell."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """``USAGE`` is also argparse's own status for a command line it does not understand."""

    CLEAN = 0
    FAULTS = 1
    USAGE = 2
