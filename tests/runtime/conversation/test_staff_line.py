"""The owner is told on WhatsApp: an ordinary message of the outbox, stored once, with a template at hand."""

from __future__ import annotations

import pytest

from connectors.errors import ConnectorConfigError, RejectedError
from connectors.plain_json import JSON
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry
from connectors.staff_line import StaffLine
from flow_engine.effects import SendMessage
from flow_engine.outputs.output import Output, Parameter, Template
from runtime.effects.outbox_staff_line import OutboxStaffLine
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.desk import NOW, open_desk

BLOCK: dict[str, JSON] = {"type": "whatsapp", "to": "+34600111222", "template": "staff_notice"}


def registry(line: StaffLine | None, **more: JSON) -> ConnectorRegistry:
    return ConnectorRegistry.from_config({"notification": {**BLOCK, **more}}, staff_line=line)


async def tell(connectors: ConnectorRegistry, key: str = "c:1:0", **more: str) -> None:
    params: dict[str, JSON] = {"subject": "A customer waits", "text": "Ana\n  large   party", **more}
    await connectors.invoke("notification", ConnectorCall("notify", params, key, "ana", NOW))


class Said:
    """Keeps what was put into a line."""

    def __init__(self, *channels: str) -> None:
        self.messages: list[tuple[ContactKey, str, Output]] = []
        self.line = OutboxStaffLine(self.say)
        self.line.use(channels)

    async def say(self, contact: ContactKey, message: SendMessage) -> None:
        self.messages.append((contact, message.id, message.output))


async def test_a_notice_is_free_words_with_a_template_for_later() -> None:
    said = Said("http_dev", "whatsapp:111")
    await tell(registry(said.line))
    assert said.messages == [
        (
            ContactKey("whatsapp:111", "34600111222"),
            "notice:c:1:0",
            Template(
                "staff_notice",
                "es",
                (Parameter("A customer waits · Ana · large party"),),
                text="A customer waits\nAna\n  large   party",
            ),
        )
    ]


async def test_with_several_numbers_the_configured_one_speaks() -> None:
    said = Said("whatsapp:111", "whatsapp:222")
    await tell(registry(said.line, phone_number_id="222"))
    assert [contact.channel_id for contact, _, _ in said.messages] == ["whatsapp:222"]


_REFUSED: dict[str, tuple[tuple[str, ...], dict[str, JSON], dict[str, str]]] = {
    "no number at all": (("http_dev",), {}, {}),
    "several and none named": (("whatsapp:1", "whatsapp:2"), {}, {}),
    "a number of somebody else": (("whatsapp:1",), {"phone_number_id": "9"}, {}),
    "another recipient": (("whatsapp:1",), {}, {"recipient": "+34999999999"}),
}


@pytest.mark.parametrize(("channels", "block", "params"), _REFUSED.values(), ids=_REFUSED.keys())
async def test_what_cannot_be_told_is_refused_and_nothing_is_put(
    channels: tuple[str, ...], block: dict[str, JSON], params: dict[str, str]
) -> None:
    said = Said(*channels)
    with pytest.raises(RejectedError):
        await tell(registry(said.line, **block), **params)
    assert said.messages == []


async def test_without_a_runtime_nothing_is_told() -> None:
    with pytest.raises(RejectedError, match="no channel to send on"):
        await tell(registry(None))


def test_a_block_without_a_template_is_refused() -> None:
    with pytest.raises(ConnectorConfigError, match="nothing arrives 24 hours after"):
        ConnectorRegistry.from_config({"notification": {"type": "whatsapp", "to": "+34600111222"}})


async def test_the_same_notice_is_stored_once() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        line = OutboxStaffLine(desk.core.say)
        line.use([desk.channel.channel_id, "whatsapp:111"])
        connectors = registry(line)
        for _ in range(2):
            await tell(connectors)
        counts = await store.counts()
        assert counts.outbox_open + counts.outbox_dead == 1
