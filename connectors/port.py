"""``ConnectorPort``: what every connector is, whatever it reaches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.errors import RejectedError
from connectors.operation import Operation
from connectors.plain_json import JSON
from connectors.probe import Choice, ProbeResult, unchecked
from connectors.words import Words


@dataclass(frozen=True, slots=True)
class ConnectorCall:
    """One request of a flow.

    ``idempotency_key`` is the same for every repetition of the same decided effect; a provider that
    saw it before returns the earlier result instead of acting twice.
    ``contact_id`` is the customer on whose behalf the call is made.
    ``at`` is when the call was decided (aware); "today" and "already past" are judged by it.
    ``timezone`` (IANA name) and ``language`` (BCP 47) are the tenant's.
    """

    operation: str
    params: Mapping[str, JSON]
    idempotency_key: str
    contact_id: str
    at: datetime
    timezone: str = "UTC"
    language: str = "en"


class ConnectorPort(ABC):
    """A connector does what the operations of its family say, and nothing else.

    It does not retry, time out, log or count: the pipeline does that around it. It lets out only
    the errors of ``connectors.errors``.
    """

    category: str
    """The name a flow calls it by (``connector: calendar``)."""

    @property
    @abstractmethod
    def operations(self) -> Mapping[str, Operation]:
        """What can be called, by name."""

    @abstractmethod
    async def invoke(self, call: ConnectorCall) -> JSON:
        """Perform ``call`` once and return its result as plain JSON. Raises ``ConnectorError``."""

    async def probe(self) -> ProbeResult:
        """Whether it would work as it is set up: the credential opens the door, the thing asked for is there.

        Reads only, costs nothing, is repeated by nobody. What is known to be wrong is a result in plain words;
        a ``ConnectorError`` may be let out and is put into words by its kind.
        """
        return unchecked(Words("There is nothing to check.", "No hay nada que comprobar."))

    async def choices(self) -> Sequence[Choice]:
        """What the credential opens and the block could name, such as calendars: for people to pick from.

        Reads only. Empty where the other side tells nothing of the kind. Raises ``ConnectorError``.
        """
        return ()

    async def close(self) -> None:  # noqa: B027 - most connectors hold nothing; forcing an empty method on each says less
        """Give back what the connector holds (connections). Safe to call twice."""

    def operation(self, name: str) -> Operation:
        """The declaration of ``name``. Raises ``RejectedError`` naming what there is instead."""
        try:
            return self.operations[name]
        except KeyError:
            known = ", ".join(sorted(self.operations)) or "none"
            raise RejectedError(f"{self.category} has no operation '{name}' (operations: {known})") from None
