"""``CorrectionStore``: what is changed about messages after they were stored, by their author or by their channel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from flow_engine.messages import InternalMessage
from runtime.ports.inbox import DeliveryStatus
from runtime.ports.inbox_store import ContactKey


class CorrectionStore(ABC):
    """Every write is one transaction. What is not known is no error: it came before our time, or was erased."""

    @abstractmethod
    async def edit(self, channel_id: str, original_id: str, message: InternalMessage) -> bool:
        """The customer changed what she wrote; whether it is known. Its id, its time and its place in the line stay.

        One that was answered already is not answered again; its content then holds what it was, ``edited_from``.
        """

    @abstractmethod
    async def revoke(self, channel_id: str, original_id: str, *, at: datetime) -> bool:
        """The customer took back what she wrote; whether it is known. Nothing of it is kept but that it was there.

        One that still waits is not answered.
        """

    @abstractmethod
    async def withhold_replies(self, contact: ContactKey, reason: str, *, at: datetime) -> int:
        """Give up answers of the bot that have not begun to leave; how many."""

    @abstractmethod
    async def addressee_of(self, status: DeliveryStatus) -> ContactKey | None:
        """To whom the message went that the report speaks of."""

    @abstractmethod
    async def send_as_template(self, status: DeliveryStatus, *, at: datetime) -> ContactKey | None:
        """Open a message again that failed because the window had closed, if it has a template; to whom it goes."""
