"""Sends against a strict Bot API: what arrives, what goes wrong, what is said about it."""

from __future__ import annotations

import httpx2
import pytest

from flow_engine.outputs.output import Buttons, Media, Option, Output, Reaction, Text
from flow_engine.vocabulary import MediaType
from runtime.channels.telegram import TelegramAdapter
from runtime.channels.telegram.bot_api import BotAPI, open_http_client, refusal
from runtime.errors import SendAction, SendError
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.contact_notes import WishShown
from runtime.wish import Wish
from tests.fakes.telegram import FakeTelegramServer, Fault
from tests.fakes.telegram.updates import Customer
from tests.runtime.channels.telegram.conftest import TOKEN
from tests.runtime.channels.whatsapp.recording import RecordingIntake
from tests.runtime.desk import NOW

LUCIA = Customer()


@pytest.fixture(autouse=True)
def started(telegram: FakeTelegramServer) -> None:
    telegram.know(LUCIA)


def message(output: Output, attempt: int = 1, contact_id: str = str(LUCIA.id)) -> OutboundMessage:
    return OutboundMessage("c1:7:0", contact_id, output, attempt)


async def test_a_message_arrives_and_its_id_names_chat_and_number(
    adapter: TelegramAdapter, telegram: FakeTelegramServer
) -> None:
    receipt = await adapter.send(message(Buttons("¿Sí?", (Option("y", "Sí"),))))
    (sent,) = telegram.said(LUCIA)
    assert (sent.method, sent.parameters["text"]) == ("sendMessage", "¿Sí?")
    assert receipt.provider_message_id == f"{LUCIA.id}:{sent.number}"
    assert telegram.refused == []


async def test_a_reaction_is_no_message_of_its_own(adapter: TelegramAdapter, telegram: FakeTelegramServer) -> None:
    heard = telegram.app.memory.add(LUCIA.id, None, {"text": "gracias"})
    receipt = await adapter.send(message(Reaction(f"{LUCIA.id}:{heard.number}", "👍")))
    assert receipt.provider_message_id == "setMessageReaction:c1:7:0"
    assert telegram.said(LUCIA) == []


async def test_a_file_that_telegram_does_not_fetch_is_said_with_its_address(
    adapter: TelegramAdapter, telegram: FakeTelegramServer
) -> None:
    await adapter.send(message(Media(MediaType.DOCUMENT, "https://x.example/p.docx", "Precios", "p.docx")))
    (sent,) = telegram.said(LUCIA)
    assert sent.parameters == {"text": "Precios\np.docx\nhttps://x.example/p.docx"}
    assert telegram.refused == ["400 Bad Request: wrong type of the web page content"]


FAILURES: dict[str, tuple[Fault, SendAction, float | None, int]] = {
    "too fast": (Fault("refuse", 429, retry_after=7), SendAction.RETRY, 7.0, 0),
    "too fast, without a wish": (Fault("refuse", 429), SendAction.RETRY, None, 0),
    "too fast, with an absurd wish": (Fault("refuse", 429, retry_after=999999), SendAction.RETRY, 3600.0, 0),
    "the token was revoked": (Fault("refuse", 401, "Unauthorized"), SendAction.STOP_CHANNEL, None, 0),
    "the customer is gone": (Fault("refuse", 403, "Forbidden: user is deactivated"), SendAction.PARK, None, 0),
    "the form is wrong": (Fault("refuse", 400, "Bad Request: secret words"), SendAction.PARK, None, 0),
    "Telegram broke down": (Fault("refuse", 500, "Internal Server Error"), SendAction.AMBIGUOUS, None, 0),
    "the answer did not come": (Fault("hang"), SendAction.AMBIGUOUS, None, 1),
    "the connection was cut": (Fault("cut"), SendAction.AMBIGUOUS, None, 1),
}


@pytest.mark.parametrize(("fault", "action", "wait_s", "arrived"), FAILURES.values(), ids=FAILURES)
async def test_a_failure_says_what_to_do(
    adapter: TelegramAdapter,
    telegram: FakeTelegramServer,
    fault: Fault,
    action: SendAction,
    wait_s: float | None,
    arrived: int,
) -> None:
    telegram.script(fault)
    with pytest.raises(SendError) as caught:
        await adapter.send(message(Text("secret words")))
    assert (caught.value.action, caught.value.retry_after_s) == (action, wait_s)
    assert len(telegram.said(LUCIA)) == arrived
    for secret in (TOKEN, str(LUCIA.id), "secret words"):
        assert secret not in caught.value.detail


async def test_who_blocked_the_bot_is_parked_and_known_to_want_no_messages(
    adapter: TelegramAdapter, telegram: FakeTelegramServer, intake: RecordingIntake
) -> None:
    telegram.app.memory.blocked.add(LUCIA.id)
    for is_down in (False, True):
        intake.is_down = is_down
        with pytest.raises(SendError) as caught:
            await adapter.send(message(Text("hola")))
        assert (caught.value.action, telegram.said(LUCIA)) == (SendAction.PARK, [])
        assert "blocked" in caught.value.detail
    assert intake.notes == [WishShown("telegram:123456789", str(LUCIA.id), Wish.OUT, "c1:7:0", NOW)]


async def test_working_is_shown_as_typing_and_a_stopped_bot_is_asked_who_it_is(
    adapter: TelegramAdapter, telegram: FakeTelegramServer
) -> None:
    await adapter.show_working(str(LUCIA.id), "700:1")
    await adapter.probe()
    assert telegram.app.memory.calls == [
        ("sendChatAction", {"chat_id": str(LUCIA.id), "action": "typing"}),
        ("getMe", {}),
    ]
    telegram.script(Fault("refuse", 401, "Unauthorized"))
    with pytest.raises(SendError) as caught:
        await adapter.probe()
    assert caught.value.action is SendAction.STOP_CHANNEL


async def test_who_never_wrote_is_parked(adapter: TelegramAdapter, telegram: FakeTelegramServer) -> None:
    with pytest.raises(SendError) as caught:
        await adapter.send(message(Text("hola"), contact_id="42"))
    assert caught.value.action is SendAction.PARK
    assert "has to write first" in caught.value.detail


async def test_a_message_that_does_not_fit_is_never_sent(
    adapter: TelegramAdapter, telegram: FakeTelegramServer
) -> None:
    with pytest.raises(SendError):
        await adapter.send(message(Text("x" * 5000)))
    assert (telegram.said(LUCIA), telegram.refused) == ([], [])


async def test_nobody_there_means_certainly_not_sent_and_hides_the_address() -> None:
    api = BotAPI(open_http_client(), "http://127.0.0.1:9", TOKEN)
    with pytest.raises(SendError) as caught:
        await api.call("sendMessage", {"chat_id": "1", "text": "x"})
    await api.close()
    assert caught.value.action is SendAction.RETRY
    assert TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_another_bots_token_stops_the_channel(telegram: FakeTelegramServer) -> None:
    api = BotAPI(open_http_client(), telegram.url, "987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    with pytest.raises(SendError) as caught:
        await api.call("sendMessage", {"chat_id": "1", "text": "x"})
    await api.close()
    assert caught.value.action is SendAction.STOP_CHANNEL


async def test_an_answer_that_is_no_json_is_ambiguous() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=b"<html>"))
    api = BotAPI(httpx2.AsyncClient(transport=transport), "http://t.example", TOKEN)
    with pytest.raises(SendError) as caught:
        await api.call("sendMessage", {})
    await api.close()
    assert caught.value.action is SendAction.AMBIGUOUS


def test_the_description_of_a_refusal_is_never_repeated() -> None:
    assert "Lucía" not in str(refusal(400, {"description": "Bad Request: can't parse entities in 'Hola Lucía'"}))


class TestFiles:
    async def test_a_customers_file_is_fetched_whole(
        self, adapter: TelegramAdapter, telegram: FakeTelegramServer
    ) -> None:
        telegram.app.memory.files["voice_1"] = b"OggS" + bytes(range(256)) * 2000
        received = await adapter.fetch_file("voice_1", 1_000_000)
        assert (received.content, received.mime_type) == (telegram.app.memory.files["voice_1"], "")
        assert received.fault_of("audio/ogg", "") is None

    async def test_a_file_that_is_too_large_is_not_even_asked_for(
        self, adapter: TelegramAdapter, telegram: FakeTelegramServer
    ) -> None:
        telegram.app.memory.files["film_1"] = b"x" * 1001
        with pytest.raises(SendError) as caught:
            await adapter.fetch_file("film_1", 1000)
        assert (caught.value.action, caught.value.detail) == (
            SendAction.PARK,
            "the file has 1001 bytes, 1000 are kept at most",
        )

    async def test_a_file_that_grows_on_its_way_is_cut_off(self, api: BotAPI, telegram: FakeTelegramServer) -> None:
        telegram.app.memory.files["film_1"] = b"x" * 1001
        with pytest.raises(SendError) as caught:
            await api.download("files/film_1", 1000)
        assert caught.value.action is SendAction.PARK

    @pytest.mark.parametrize("path", ["../../etc/passwd", "a/../b", "", "a b", "a?b=c", "//", "x" * 201])
    async def test_a_place_that_is_none_is_never_asked_for(
        self, api: BotAPI, telegram: FakeTelegramServer, path: str
    ) -> None:
        with pytest.raises(SendError) as caught:
            await api.download(path, 10)
        assert caught.value.action is SendAction.PARK
        assert TOKEN not in str(caught.value)

    async def test_what_telegram_does_not_know_any_more_is_given_up(
        self, adapter: TelegramAdapter, telegram: FakeTelegramServer
    ) -> None:
        with pytest.raises(SendError) as caught:
            await adapter.fetch_file("gone", 1000)
        assert caught.value.action is SendAction.PARK
