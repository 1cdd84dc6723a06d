"""``Suspects``: events whose next attempt is the last one, worked on one at a time.

Every death of the process counts against all that was worked on at that moment. Were the last attempts made beside each
other, the innocent would be parked with the culprit; made alone, the one that kills is the only one that is.
"""

from __future__ import annotations

from collections.abc import Iterable

from runtime.ports.inbox_store import ContactKey


class Suspects:
    """A contact has at most one: its oldest event."""

    def __init__(self, contacts: Iterable[ContactKey]) -> None:
        self._waiting = dict.fromkeys(contacts)

    def must_wait(self, contact: ContactKey) -> bool:
        """Whether another suspect is to be worked on before this contact's."""
        return contact in self._waiting and next(iter(self._waiting)) != contact

    def cleared(self, contact: ContactKey) -> ContactKey | None:
        """The contact's event has been worked on and the process lives; whose turn it is now, if that changed."""
        if contact not in self._waiting:
            return None
        del self._waiting[contact]
        return next(iter(self._waiting), None)
