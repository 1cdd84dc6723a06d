"""``StoredConversations``: whole conversations as they were, for playing them again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from flow_engine.vocabulary import JSONObject


class StoredConversations(ABC):
    """Read on a connection and a thread of its own; nobody waits for it."""

    @abstractmethod
    async def last(self, limit: int) -> Sequence[JSONObject]:
        """The last that moved, each from its first turn on; those whose beginning is forgotten are left out.

        ``{"conversation_id", "profile", "contact_id", "turns": [{"at", "event": [kind, JSON], "answers", "said"}]}``.
        """
