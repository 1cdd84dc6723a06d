"""What a fleet's trouble is called where people read it."""

from __future__ import annotations


def in_one_line(error: Exception) -> str:
    """A driver's and the control plane's own words; of the machine's where it was and what it said."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"The orchestrator's machine says: {error.strerror or type(error).__name__}{where}. It is tried again."
    return str(error)
