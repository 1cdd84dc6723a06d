"""``ContactData``: everything that is held about one contact, to hand it over or to erase it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from flow_engine.vocabulary import JSONObject
from runtime.ports.inbox_store import ContactKey


@dataclass(frozen=True, slots=True)
class Erased:
    """``rows`` by table, ``hashed_ids`` kept against repeated delivery, ``remaining`` places that still name her."""

    rows: Mapping[str, int]
    hashed_ids: int
    remaining: int


class ContactData(ABC):
    """New tables are covered by their column ``contact_id``; a test fails for one that speaks of contacts otherwise."""

    @abstractmethod
    async def collect(self, contact: ContactKey) -> Mapping[str, list[JSONObject]]:
        """Rows by table, as they are stored."""

    @abstractmethod
    async def fold_log(self) -> None:
        """Let nothing of what was erased lie in the log. Raises ``StoreUnavailableError``."""

    @abstractmethod
    async def erase(self, contact: ContactKey) -> Erased:
        """Remove them, overwrite the pages and fold in the log. The second time finds nothing and is no error."""
