"""What holds for every channel, whatever its provider: one suite, a whole runtime behind each."""

from __future__ import annotations

import pytest

from flow_engine.outputs.capabilities import read_capabilities
from runtime.channels.factory import CHANNEL_TYPES
from tests.fakes.graph_server import Fault as GraphFault
from tests.fakes.telegram import Fault as TelegramFault
from tests.runtime.channels.contract.conftest import LINES
from tests.runtime.channels.contract.line import Line, Seen
from tests.runtime.channels.contract.telegram_line import TelegramLine
from tests.runtime.channels.contract.whatsapp_line import WhatsAppLine

MENU = Seen("Welcome to Toy", ("Pick", "Bye"))
PICK = ("Apple", "Pear")
OK = {200, 202}


def test_every_channel_keeps_the_contract() -> None:
    assert set(LINES) == set(CHANNEL_TYPES)


async def test_a_customer_writes_taps_and_is_answered_in_order(line: Line) -> None:
    ana = line.customer("ana")
    assert await ana.write("hola") in OK
    assert await ana.sees(1) == [MENU]
    assert await ana.tap("Pick") in OK
    first, second = await ana.sees(2)
    assert (first, second.titles) == (MENU, PICK)
    assert second.text.startswith("Which one?")
    assert await ana.tap("Apple") in OK
    assert (await ana.sees(3))[2] == Seen("Goodbye")


async def test_what_is_delivered_again_is_acknowledged_and_answered_once(line: Line) -> None:
    ana = line.customer("ana")
    await ana.write("hola")
    await ana.sees(1)
    for _ in range(3):
        assert await ana.repeat() in OK
    await line.quiet()
    assert await ana.seen() == [MENU]
    await ana.tap("Bye")
    await ana.sees(2)
    assert await ana.repeat() in OK
    await line.quiet()
    assert await ana.seen() == [MENU, Seen("Goodbye")]


async def test_two_customers_have_nothing_to_do_with_each_other(line: Line) -> None:
    ana, bruno = line.customer("ana"), line.customer("bruno")
    await ana.write("hola")
    await bruno.write("hola")
    await ana.sees(1)
    await bruno.sees(1)
    await ana.tap("Bye")
    assert await ana.sees(2) == [MENU, Seen("Goodbye")]
    await line.quiet()
    assert await bruno.seen() == [MENU]


async def test_who_has_no_right_to_speak_is_refused_and_nothing_is_stored(line: Line) -> None:
    assert await line.forge("hola") in {401, 403}
    await line.quiet()
    assert await line.stored() == (0, 0)


async def test_what_says_nothing_disturbs_nobody(line: Line) -> None:
    assert await line.garble() in {*OK, 400}
    ana = line.customer("ana")
    await ana.write("hola")
    assert await ana.sees(1) == [MENU]


async def test_the_conversation_goes_on_after_a_restart_and_old_buttons_still_mean_something(closed_line: Line) -> None:
    line = closed_line
    async with line.open():
        await line.customer("ana").write("hola")
        assert await line.customer("ana").sees(1) == [MENU]
        await line.quiet()
    async with line.open():
        if isinstance(line, TelegramLine):
            line.listen()
        assert await line.customer("ana").tap("Pick") in OK
        assert (await line.customer("ana").sees(2))[1].titles == PICK


async def test_the_account_names_itself_and_is_known_to_the_engine(line: Line) -> None:
    assert line.runtime is not None
    assert line.profile in read_capabilities()
    assert set(line.runtime.core.outbox.channels) == {line.channel_id}
    await line.customer("ana").write("hola")
    await line.customer("ana").sees(1)
    rows = await line.runtime.core.outgoing.list(line.channel_id)
    assert len(rows) == 1


@pytest.mark.parametrize("text", ["mañana a las 5 😀", "a\nb", "<b>&amp;</b>", "\u202egnp.exe", "x" * 4000])
async def test_any_text_of_a_customer_arrives(line: Line, text: str) -> None:
    ana = line.customer("ana")
    assert await ana.write(text) in OK
    assert await ana.sees(1) == [MENU]


async def test_a_provider_that_asks_for_patience_is_heard_and_the_message_arrives_once(line: Line) -> None:
    match line:
        case WhatsAppLine():
            line.graph.script(GraphFault("throttle", retry_after=1))
        case TelegramLine():
            line.telegram.script(TelegramFault("refuse", 429, retry_after=1, method="sendMessage"))
        case _:
            pass  # no provider: what is stored can be read
    ana = line.customer("ana")
    await ana.write("hola")
    assert await ana.sees(1) == [MENU]
    await line.quiet()
    assert await ana.seen() == [MENU]
