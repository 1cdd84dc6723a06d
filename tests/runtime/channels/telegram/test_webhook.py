"""``POST /telegram/<bot id>`` over a real connection: what is answered, stored, edited and logged."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from flow_engine.effects import SendMessage
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Buttons, Option
from flow_engine.vocabulary import MessageType
from runtime.channels.telegram import TelegramAdapter
from runtime.channels.telegram.used_keyboards import UsedKeyboards
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.contact_notes import MessageEdited, WishShown
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory import InMemoryStateStore
from runtime.wish import Wish
from tests.fakes.telegram import FakeTelegramServer, Fault, updates
from tests.fakes.telegram.updates import Customer
from tests.runtime.channels.whatsapp.recording import RecordingIntake
from tests.runtime.store import samples

LUCIA = Customer()
ASKED = Buttons("¿Qué quieres?", (Option("book~1", "Pedir hora"), Option("hours~1", "Horario")))
LONG_ID = "choose_" + "x" * 80


def heard(intake: RecordingIntake) -> list[InternalMessage]:
    return [envelope.message for batch in intake.batches for envelope in batch]


async def test_a_text_is_stored_and_acknowledged(listening: FakeTelegramServer, intake: RecordingIntake) -> None:
    answer = await listening.write(LUCIA, "hola")
    assert (answer.status_code, answer.json()) == (200, {})
    ((envelope,),) = intake.batches
    assert (envelope.channel_id, envelope.profile) == ("telegram:123456789", "telegram")
    assert (envelope.message.contact_id, envelope.message.text) == (str(LUCIA.id), "hola")


async def test_the_same_update_again_has_the_same_id(listening: FakeTelegramServer, intake: RecordingIntake) -> None:
    update = updates.written(9, LUCIA, 5, {"text": "hola"})
    for _ in range(2):
        assert (await listening.deliver(update)).status_code == 200
    assert len({message.id for message in heard(intake)}) == 1


class TestSecret:
    @pytest.mark.parametrize("secret", ["another-secret-of-16", "a-secret-of-the-webhoo", "A-SECRET-OF-THE-WEBHOOK"])
    async def test_a_wrong_one_is_refused_and_nothing_is_stored(
        self, listening: FakeTelegramServer, intake: RecordingIntake, secret: str
    ) -> None:
        answer = await listening.deliver(updates.written(1, LUCIA, 1, {"text": "hola"}), secret=secret)
        assert (answer.status_code, answer.text) == (401, "unauthorized\n")
        assert intake.is_untouched

    async def test_none_or_two_are_refused(self, listening: FakeTelegramServer, intake: RecordingIntake) -> None:
        assert listening.app.webhook is not None
        url, secret = listening.app.webhook
        name, right = b"X-Telegram-Bot-Api-Secret-Token", secret.encode()
        tried: list[list[tuple[bytes, bytes]]] = [[], [(name, right), (name, right)], [(name, "ñ".encode())]]
        for headers in tried:
            answer = await listening._http.post(url, content=b"{}", headers=headers)
            assert answer.status_code == 401
        assert intake.is_untouched

    async def test_another_bots_path_is_not_there(self, listening: FakeTelegramServer, intake: RecordingIntake) -> None:
        assert listening.app.webhook is not None
        url, secret = listening.app.webhook
        listening.listen(url.replace("123456789", "987654321"), secret)
        assert (await listening.write(LUCIA, "hola")).status_code == 404
        assert intake.is_untouched


async def test_while_the_store_is_down_nothing_is_acknowledged(
    listening: FakeTelegramServer, intake: RecordingIntake
) -> None:
    intake.is_down = True
    assert (await listening.write(LUCIA, "hola")).status_code == 503
    assert (await listening.deliver(b"{broken")).status_code == 503
    intake.is_down = False
    assert (await listening.write(LUCIA, "hola")).status_code == 200
    assert [message.text for message in heard(intake)] == ["hola"]


async def test_what_cannot_be_read_is_kept_and_acknowledged(
    listening: FakeTelegramServer, intake: RecordingIntake
) -> None:
    assert (await listening.deliver(b"{broken")).status_code == 200
    assert intake.raw == [("telegram:123456789", b"{broken", "not_json")]
    assert intake.batches == []


async def test_an_edit_and_a_block_are_noted_and_never_answered(
    listening: FakeTelegramServer, intake: RecordingIntake
) -> None:
    edit = updates.written(1, LUCIA, 5, {"text": "a las seis", "edit_date": 9})
    edit["edited_message"] = edit.pop("message")
    for update in (edit, updates.blocked(2, LUCIA), updates.blocked(3, LUCIA, "member")):
        assert (await listening.deliver(update)).status_code == 200
    edited, blocked = intake.notes
    assert isinstance(edited, MessageEdited)
    assert (edited.original_id, edited.message.text) == (f"{LUCIA.id}:5", "a las seis")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert blocked == WishShown("telegram:123456789", str(LUCIA.id), Wish.OUT, "update:2", at)
    assert intake.batches == []


async def test_groups_and_what_is_new_to_us_are_acknowledged_and_stored_nowhere(
    listening: FakeTelegramServer, intake: RecordingIntake, caplog: pytest.LogCaptureFixture
) -> None:
    group = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": -1, "type": "group"}, "from": {"id": 1}}}
    with caplog.at_level(logging.INFO):
        for update in (group, {"update_id": 2, "telepathy": {}}):
            assert (await listening.deliver(update)).status_code == 200
    assert intake.is_untouched
    assert "telegram webhook passed over: telepathy" in caplog.messages


class TestTap:
    async def test_it_is_stored_answered_and_the_keyboard_shows_the_choice(
        self,
        listening: FakeTelegramServer,
        intake: RecordingIntake,
        adapter: TelegramAdapter,
        used_keyboards: UsedKeyboards,
    ) -> None:
        listening.know(LUCIA)
        await adapter.send(OutboundMessage("c1:1:0", str(LUCIA.id), ASKED, 1))
        await listening.tap(LUCIA, "Pedir hora")
        await used_keyboards.finish()
        (message,) = heard(intake)
        assert (message.type, message.payload, message.text) == (MessageType.BUTTON, "book~1", "Pedir hora")
        assert len(listening.app.memory.answered_taps) == 1
        (sent,) = listening.said(LUCIA)
        assert sent.keyboard == [{"text": "✓ Pedir hora", "callback_data": "book~1"}]
        assert listening.refused == []

    async def test_a_second_tap_on_the_choice_edits_nothing(
        self,
        listening: FakeTelegramServer,
        intake: RecordingIntake,
        adapter: TelegramAdapter,
        used_keyboards: UsedKeyboards,
    ) -> None:
        listening.know(LUCIA)
        await adapter.send(OutboundMessage("c1:1:0", str(LUCIA.id), ASKED, 1))
        for title in ("Pedir hora", "✓ Pedir hora"):
            await listening.tap(LUCIA, title)
            await used_keyboards.finish()
        assert [message.payload for message in heard(intake)] == ["book~1", "book~1"]
        assert [method for method, _ in listening.app.memory.calls].count("editMessageReplyMarkup") == 1
        assert listening.refused == []

    async def test_an_edit_that_fails_disturbs_nobody(
        self,
        listening: FakeTelegramServer,
        intake: RecordingIntake,
        adapter: TelegramAdapter,
        used_keyboards: UsedKeyboards,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        listening.know(LUCIA)
        await adapter.send(OutboundMessage("c1:1:0", str(LUCIA.id), ASKED, 1))
        listening.script(Fault("refuse", 429, method="editMessageReplyMarkup"))
        with caplog.at_level(logging.INFO):
            assert (await listening.tap(LUCIA, "Horario")).status_code == 200
            await used_keyboards.finish()
        assert [message.payload for message in heard(intake)] == ["hours~1"]
        assert any("a used keyboard was left as it is" in line for line in caplog.messages)

    async def test_an_id_that_travelled_as_a_reference_comes_back_whole(
        self,
        listening: FakeTelegramServer,
        intake: RecordingIntake,
        adapter: TelegramAdapter,
        store: InMemoryStateStore,
    ) -> None:
        output = Buttons("?", (Option("short", "Short"), Option(LONG_ID, "Long")))
        await send_through_the_outbox(store, adapter, listening, output)
        await listening.tap(LUCIA, "Long")
        (message,) = heard(intake)
        assert (message.type, message.payload, message.text) == (MessageType.BUTTON, LONG_ID, "Long")

    async def test_where_the_message_is_kept_no_longer_the_title_is_the_answer(
        self, listening: FakeTelegramServer, intake: RecordingIntake, adapter: TelegramAdapter
    ) -> None:
        listening.know(LUCIA)
        output = Buttons("?", (Option(LONG_ID, "Long"),))
        await adapter.send(OutboundMessage("c1:1:0", str(LUCIA.id), output, 1))
        await listening.tap(LUCIA, "Long")
        (message,) = heard(intake)
        assert (message.type, message.payload, message.text) == (MessageType.TEXT, None, "Long")

    async def test_a_tap_that_cannot_be_stored_is_not_answered(
        self, listening: FakeTelegramServer, intake: RecordingIntake, adapter: TelegramAdapter
    ) -> None:
        listening.know(LUCIA)
        await adapter.send(OutboundMessage("c1:1:0", str(LUCIA.id), ASKED, 1))
        intake.is_down = True
        assert (await listening.tap(LUCIA, "Horario")).status_code == 503
        assert listening.app.memory.answered_taps == []
        assert len(listening.said(LUCIA)[0].keyboard) == 2


async def test_no_log_line_carries_an_id_a_name_or_a_text(
    listening: FakeTelegramServer, intake: RecordingIntake, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await listening.write(Customer(700999888, "Nombre", "Secreto"), "texto secreto")
        await listening.deliver(updates.blocked(3, Customer(700999888)))
        await listening.deliver(b'{"update_id": 1, "message": {"text": "texto secreto"}}')
        intake.is_down = True
        await listening.write(Customer(700999888), "texto secreto")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("runtime.")]
    assert len(ours) == 3
    for secret in ("700999888", "Secreto", "secreto"):
        assert not any(secret in line for line in ours)


async def send_through_the_outbox(
    store: InMemoryStateStore, adapter: TelegramAdapter, telegram: FakeTelegramServer, output: Buttons
) -> None:
    """As the runtime does: the row is there before the message is."""
    telegram.know(LUCIA)
    contact = ContactKey("telegram:123456789", str(LUCIA.id))
    await store.inbox.accept([samples.message("in:1", contact)], samples.NOW)
    claimed = await samples.claim(store, contact)
    said = (SendMessage("c1:1:0", output),)
    await store.conversations.commit_step(samples.step(claimed.claim, contact, messages=said))
    await adapter.send(OutboundMessage("c1:1:0", contact.contact_id, output, 1))
