"""``CommandStore``: what the control plane asked for, once each, with a durable mark before and after."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flow_engine.vocabulary import JSONObject


@dataclass(frozen=True, slots=True)
class Command:
    """``kind`` and ``payload`` as they came. Times are aware, in UTC; without ``expires_at`` it waits for ever."""

    id: str
    kind: str
    payload: JSONObject = field(repr=False)
    issued_at: datetime
    expires_at: datetime | None = None


class CommandStatus(StrEnum):
    """How a command ended. Refused: nothing was done, and it would be refused again."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """``detail`` is a sentence for a person; a refusal's begins with its stable word and a colon."""

    status: CommandStatus
    detail: str = ""
    result: JSONObject | None = None


@dataclass(frozen=True, slots=True)
class BegunCommand:
    """A command marked as begun on disk. ``beginnings`` counts from 1 and includes this one."""

    command: Command
    beginnings: int


class CommandStore(ABC):
    """Rows go ``received → begun → done | failed | refused``."""

    @abstractmethod
    async def receive(self, commands: Sequence[Command], *, at: datetime) -> int:
        """Keep those whose ids are new; how many were."""

    @abstractmethod
    async def begin(self, *, leaving_out: AbstractSet[str] = frozenset()) -> BegunCommand | None:
        """Mark the oldest that has not ended as begun and count it; ``None`` when there is none.

        ``leaving_out`` are those that are under way.
        """

    @abstractmethod
    async def finish(self, command_id: str, result: CommandResult, *, at: datetime) -> None:
        """Record the end, forget the payload and queue the result for the next report, in one transaction."""

    @abstractmethod
    async def forget_ended(self, *, before: datetime) -> int:
        """Delete commands that ended before this; how many. Their ids could be carried out again from then on."""
