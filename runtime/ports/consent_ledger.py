"""``ConsentLedger``: who wants to hear from the business unasked, and what proves it. Entries are added, not changed.

An entry outlives the erasure of its contact as a keyed hash: somebody who asked not to be written to must not be
written to again because the business has forgotten who it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from runtime.ports.inbox_store import ContactKey
from runtime.wish import Wish


class WishSource(StrEnum):
    """How the business learnt of it."""

    WORD = "word"
    """Written: STOP, START."""
    BUTTON = "button"
    """Tapped, under a template."""
    CHANNEL = "channel"
    """The channel told: a setting in the customer's app, or a message refused for that reason."""
    FLOW = "flow"
    """Asked and answered in a conversation."""


WISH_OUTCOMES: Final = {"opt_in": Wish.IN, "opt_out": Wish.OUT}
"""Outcomes that a flow records to say that it asked: ``record`` with one of these names enters a wish.

It does so in the step's own transaction. The message that was answered with is its proof.
"""


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One wish. ``proof`` is the id of the message or report that shows it; ``at`` is aware, in UTC."""

    wish: Wish
    source: WishSource
    proof: str
    at: datetime


class ConsentLedger(ABC):
    """Every write is one transaction."""

    @abstractmethod
    async def enter(self, contact: ContactKey, entry: ConsentEntry) -> bool:
        """Add an entry; whether it is new (the same proof of the same wish counts once)."""

    @abstractmethod
    async def wish_of(self, contact: ContactKey) -> Wish | None:
        """The latest wish, also of a contact that was erased since; ``None`` where none was ever told."""

    @abstractmethod
    async def history_of(self, contact: ContactKey) -> Sequence[ConsentEntry]:
        """All entries, oldest first."""

    @abstractmethod
    async def forget(self, contact: ContactKey) -> int:
        """Leave nothing of this contact but keyed hashes; how many entries."""
