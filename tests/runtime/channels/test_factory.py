"""Which channels a tenant may have beside each other, and what is said when it may not."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.clock import ManualClock
from runtime.channels.factory import build_channels, channel_factory, entrances
from runtime.channels.services import ChannelServices
from runtime.errors import ConfigurationError
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.channels.whatsapp.recording import RecordingIntake
from tests.runtime.desk import NOW

HTTP_DEV = {"type": "http_dev"}


def number(phone_number_id: str) -> dict[str, Any]:
    return {
        "type": "whatsapp",
        "phone_number_id": phone_number_id,
        "access_token": "EAA",
        "app_secret": "secret",
        "verify_token": "word",
    }


def services() -> ChannelServices:
    store = InMemoryStateStore()
    return ChannelServices(
        RecordingIntake(), store.outbox, store.contacts, store.uploads, ManualClock(NOW), "toy", "Toy"
    )


async def test_two_numbers_and_a_chat_page_stand_beside_each_other() -> None:
    built = build_channels([number("111"), HTTP_DEV, number("222")], services())
    assert [adapter.channel_id for adapter in built.adapters] == ["whatsapp:111", "whatsapp:222", "http_dev"]
    assert [route.path for route in built.routes].count("/webhook") == 2  # GET and POST, once for both numbers
    for adapter in built.adapters:
        await adapter.close()


async def test_one_block_has_an_adapter_and_routes_of_its_own() -> None:
    adapter, routes = channel_factory(number("111"), services())
    assert (adapter.channel_id, [route.path for route in routes]) == ("whatsapp:111", ["/webhook", "/webhook"])
    await adapter.close()


REFUSED: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "the same number twice": (
        [number("111"), number("111")],
        ["channels.1: whatsapp:111 stands there already; keep one"],
    ),
    "two chat pages": (
        [HTTP_DEV, HTTP_DEV],
        ["channels.1: http_dev stands there already; keep one"],
    ),
    "a channel nobody knows": (
        [HTTP_DEV, {"type": "fax"}],
        ["channels.1.type: there is no such channel; one of http_dev, telegram, web_chat, whatsapp"],
    ),
    "faults in two blocks at once": (
        [{"type": "http_dev", "port": 1}, {**number("111"), "app_secret": ""}],
        [
            "channels.0.port: unknown key; http_dev has only type",
            "channels.1.app_secret: not usable; copy the app secret from the app's basic settings",
        ],
    ),
}


@pytest.mark.parametrize(("blocks", "problems"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_stand_together_is_refused_with_every_fault(
    blocks: list[dict[str, Any]], problems: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build_channels(blocks, services())
    assert list(caught.value.problems) == problems


def test_an_address_that_two_numbers_share_is_told_once() -> None:
    assert entrances([number("111"), number("222"), HTTP_DEV]) == [
        ("WhatsApp webhook", "/webhook"),
        ("Chat page", "/chat"),
    ]
