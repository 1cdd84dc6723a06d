"""What is known of ids for good, so that a message of somebody known asks the file nothing.

Every message shows one or two ids, and nearly all show the same as the one before. A lookup takes ten microseconds, but
it also hands the interpreter to the writer's thread, which keeps it much longer (measured: half of what an
acknowledgement cost).
"""

from __future__ import annotations

from typing import Final

from runtime.store.sqlite.alias_marks import AliasMarks

MOST_IDS: Final = 8_192
"""Some 200 bytes each. Beyond, all are forgotten: asking again is cheaper than to note who wrote last."""


class KnownIds:
    """(channel, id) → the id that names its conversation. Only what no passing of time changes stands here.

    This process alone writes the file, and whatever changes an alias forgets all of it.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self.aliases = AliasMarks()
        self.upheavals = 0
        """How often all was forgotten because ids had changed hands."""

    def name_of(self, channel_id: str, some_id: str) -> str | None:
        """``None``: ask the file."""
        return self._names.get((channel_id, some_id))

    def remember(self, channel_id: str, some_id: str, name: str) -> None:
        if len(self._names) >= MOST_IDS:
            self._names.clear()
        self._names[channel_id, some_id] = name

    def forget(self, channel_id: str, some_id: str) -> None:
        """To be called inside the change, for who asks later, and after it, for who has read in between."""
        self._names.pop((channel_id, some_id), None)

    def forget_all(self) -> None:
        """The same where more than one id has changed its meaning."""
        self.upheavals += 1
        self._names.clear()
