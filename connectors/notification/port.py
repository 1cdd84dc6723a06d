"""``NotificationConnector``: sends one message to the staff of the business."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from connectors.errors import RejectedError
from connectors.operation import Access, Operation, Parameter, ParameterKind, declare
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort


@dataclass(frozen=True, slots=True)
class Notification:
    """``recipient`` is an address of the provider's kind; empty means the configured one.

    ``idempotency_key`` names the message: a provider that can tell sends it once.
    """

    text: str
    subject: str = ""
    recipient: str = ""
    idempotency_key: str = ""


OPERATIONS = declare(
    Operation(
        "notify",
        Access.WRITES,
        "Tell the staff something.",
        (
            Parameter("text", ParameterKind.TEXT, "what to say"),
            Parameter("subject", ParameterKind.TEXT, "one line above it", required=False),
            Parameter("recipient", ParameterKind.TEXT, "whom to tell instead of the usual person", required=False),
        ),
        result={"accepted": True},
    )
)


class NotificationConnector(ConnectorPort):
    """The port. A provider implements ``notify`` and nothing else."""

    category: str = "notification"
    _operations: ClassVar[Mapping[str, Operation]] = OPERATIONS

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    @abstractmethod
    async def notify(self, notification: Notification) -> None:
        """Return when the message has been accepted for delivery. Raises ``ConnectorError``."""

    async def invoke(self, call: ConnectorCall) -> JSON:
        params = self.operation(call.operation).check(call.params)
        texts: dict[str, str] = {}
        for name, value in params.items():
            if not isinstance(value, str):
                raise RejectedError(f"notify: parameter '{name}' must be a text")
            texts[name] = value
        await self.notify(Notification(**texts, idempotency_key=call.idempotency_key))
        return {"accepted": True}
