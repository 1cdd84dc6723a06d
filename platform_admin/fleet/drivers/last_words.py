"""What a runtime's program says last when it refuses."""

from __future__ import annotations


def last_words(said: str) -> str:
    """The last line, without the name that the program writes before it at a terminal."""
    return said.strip().rpartition("\n")[2].removeprefix("frontdesk-runtime: ")
