"""``OutboxStaffLine``: a connector's words to a person of the business, as a message of the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from connectors.errors import RejectedError, UnavailableError
from connectors.staff_line import StaffMessage
from flow_engine.effects import SendMessage
from flow_engine.outputs.output import Output, Parameter, Template, Text
from runtime.errors import StoreUnavailableError
from runtime.ports.inbox_store import ContactKey

NOTICE: Final = "notice:"
"""What the id of such a message begins with."""

_WHATSAPP: Final = "whatsapp:"
_MAX_BLANK: Final = 900
"""Characters of a template's blank: the body may have 1,024 in all."""


class OutboxStaffLine:
    """``say`` stores a message in a contact's line (``Core.say``)."""

    def __init__(self, say: Callable[[ContactKey, SendMessage], Awaitable[None]]) -> None:
        self._say = say
        self._numbers: list[str] = []

    def use(self, channels: Iterable[str]) -> None:
        """These are the ids of the release's channels."""
        self._numbers = [channel for channel in channels if channel.startswith(_WHATSAPP)]

    async def put(self, message: StaffMessage) -> None:
        """See ``StaffLine``. The window is the channel's business: it says the template's words freely while it may."""
        contact = ContactKey(self._number(message.account), message.to.removeprefix("+"))
        try:
            await self._say(contact, SendMessage(f"{NOTICE}{message.key}", _output(message)))
        except StoreUnavailableError as error:
            raise UnavailableError("the outbox takes nothing now") from error

    def _number(self, account: str) -> str:
        if account:
            wanted = f"{_WHATSAPP}{account}"
            if wanted in self._numbers:
                return wanted
            raise RejectedError("phone_number_id is none of the business's numbers")
        if len(self._numbers) != 1:
            raise RejectedError("there is no WhatsApp number" if not self._numbers else "name one: phone_number_id")
        return self._numbers[0]


def _output(message: StaffMessage) -> Output:
    if message.template is None:
        return Text(message.text)
    name, language = message.template
    # A blank takes no line breaks and no more than four spaces in a row.
    blank = " · ".join(line.strip() for line in message.text.splitlines() if line.strip())
    return Template(name, language, (Parameter(" ".join(blank.split())[:_MAX_BLANK]),), text=message.text)
