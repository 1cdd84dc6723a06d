"""``/webhook`` over a real connection: what is answered, what is stored, what is written to the log."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import httpx2
import pytest

from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender, main
from tests.runtime.channels.whatsapp.conftest import APP_SECRET, VERIFY_TOKEN
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.recording import RecordingIntake

WRITER = Writer(phone_number_id=NUMBER)
HOLA = webhook_bodies.batch([webhook_bodies.text(WRITER, "hola")])
RIGHT = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
WRONG = {
    "a wrong token": {**RIGHT, "hub.verify_token": "my_verify_tokem"},
    "a token that only begins right": {**RIGHT, "hub.verify_token": "my_verify"},
    "a token beyond ASCII": {**RIGHT, "hub.verify_token": "my_verify_tokén"},
    "an empty token": {**RIGHT, "hub.verify_token": ""},
    "no token": {"hub.mode": "subscribe", "hub.challenge": "1"},
    "another mode": {**RIGHT, "hub.mode": "unsubscribe"},
    "no challenge": {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN},
    "two tokens": {**RIGHT, "hub.verify_token": [VERIFY_TOKEN, "other"]},
    "nothing": {},
}


class TestHandshake:
    async def test_the_right_token_gets_the_challenge_back(self, http: httpx2.AsyncClient, webhook_url: str) -> None:
        answer = await http.get(webhook_url, params=RIGHT)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"

    @pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
    async def test_anything_else_is_forbidden(
        self, http: httpx2.AsyncClient, webhook_url: str, query: dict[str, str], intake: RecordingIntake
    ) -> None:
        answer = await http.get(webhook_url, params=query)
        assert (answer.status_code, answer.text) == (403, "forbidden\n")
        assert intake.is_untouched

    async def test_markup_in_the_challenge_stays_text(self, http: httpx2.AsyncClient, webhook_url: str) -> None:
        answer = await http.get(webhook_url, params={**RIGHT, "hub.challenge": "<script>"})
        assert answer.text == "<script>"
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"


class TestDelivery:
    async def test_a_signed_message_is_stored_and_acknowledged(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        answer = await meta.post(HOLA)
        assert answer.status_code == 200
        ((envelope,),) = intake.batches
        assert (envelope.channel_id, envelope.profile) == (f"whatsapp:{NUMBER}", "whatsapp")
        assert (envelope.message.contact_id, envelope.message.text) == (WRITER.phone, "hola")
        assert (intake.statuses, intake.raw) == ([], [])

    async def test_all_messages_of_a_body_are_one_batch(self, meta: WebhookSender, intake: RecordingIntake) -> None:
        values = [webhook_bodies.text(WRITER, word) for word in ("uno", "dos", "tres")]
        values.append(webhook_bodies.status(NUMBER, "wamid.x", "read", WRITER.phone))
        assert (await meta.post_values(*values)).status_code == 200
        assert [len(batch) for batch in intake.batches] == [3]
        assert intake.texts == ["uno", "dos", "tres"]
        assert [status.provider_message_id for status in intake.statuses] == ["wamid.x"]

    async def test_text_beyond_ascii_arrives_as_it_was_written(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        await meta.post_values(webhook_bodies.text(WRITER, "mañana a las 5 😀"))
        assert intake.texts == ["mañana a las 5 😀"]

    async def test_a_message_to_another_number_is_acknowledged_and_not_kept(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        answer = await meta.post_values(webhook_bodies.text(Writer(phone_number_id="999"), "x"))
        assert answer.status_code == 200
        assert intake.is_untouched

    async def test_a_body_with_an_unreadable_part_is_kept_beside_its_readable_one(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        value = webhook_bodies.text(WRITER, "hola")
        value["messages"].append(7)
        body = webhook_bodies.batch([value])
        assert (await meta.post(body)).status_code == 200
        assert intake.texts == ["hola"]
        assert intake.raw == [(f"whatsapp:{NUMBER}", body, "partly_unreadable")]

    async def test_an_echo_of_staff_is_acknowledged_and_never_reaches_the_bot(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        value = webhook_bodies.value(NUMBER, message_echoes=[{"to": "1", "id": "a", "type": "text"}])
        body = webhook_bodies.encode(webhook_bodies.envelope(value, field="smb_message_echoes"))
        assert (await meta.post(body)).status_code == 200
        assert intake.batches == []

    async def test_nothing_is_acknowledged_while_the_store_is_down(
        self, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        intake.is_down = True
        status = webhook_bodies.batch([webhook_bodies.status(NUMBER, "wamid.x", "read", "1")])
        for body in (HOLA, status, b"{broken"):
            assert (await meta.post(body)).status_code == 503
        intake.is_down = False
        assert (await meta.post(HOLA)).status_code == 200
        assert intake.texts == ["hola"]

    async def test_other_methods_are_not_allowed(self, http: httpx2.AsyncClient, webhook_url: str) -> None:
        for method in ("PUT", "DELETE", "PATCH"):
            assert (await http.request(method, webhook_url, content=HOLA)).status_code == 405


SIGNATURES = {
    "none": None,
    "empty": "",
    "of other bytes": webhook_bodies.sign(HOLA + b" ", APP_SECRET),
    "under another secret": webhook_bodies.sign(HOLA, "abc124"),
    "in capitals": webhook_bodies.sign(HOLA, APP_SECRET).upper(),
    "too short": webhook_bodies.sign(HOLA, APP_SECRET)[:-1],
    "without its prefix": webhook_bodies.sign(HOLA, APP_SECRET).removeprefix("sha256="),
}


class TestSignature:
    @pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
    async def test_a_body_without_the_right_one_is_refused_and_not_stored(
        self, http: httpx2.AsyncClient, webhook_url: str, signature: str | None, intake: RecordingIntake
    ) -> None:
        headers = {} if signature is None else {"X-Hub-Signature-256": signature}
        answer = await http.post(webhook_url, content=HOLA, headers=headers)
        assert (answer.status_code, answer.text) == (401, "unauthorized\n")
        assert intake.is_untouched

    async def test_bytes_beyond_ascii_are_refused(
        self, http: httpx2.AsyncClient, webhook_url: str, intake: RecordingIntake
    ) -> None:
        headers = [(b"X-Hub-Signature-256", b"sha256=" + b"\xe9" * 64)]
        assert (await http.post(webhook_url, content=HOLA, headers=headers)).status_code == 401
        assert intake.is_untouched

    async def test_two_headers_are_refused_even_if_both_are_right(
        self, http: httpx2.AsyncClient, webhook_url: str, intake: RecordingIntake
    ) -> None:
        right = webhook_bodies.sign(HOLA, APP_SECRET)
        headers = [("X-Hub-Signature-256", right), ("X-Hub-Signature-256", right)]
        assert (await http.post(webhook_url, content=HOLA, headers=headers)).status_code == 401
        assert intake.is_untouched

    async def test_an_unsigned_body_is_not_even_looked_at(
        self, http: httpx2.AsyncClient, webhook_url: str, intake: RecordingIntake
    ) -> None:
        assert (await http.post(webhook_url, content=b"{broken")).status_code == 401
        assert intake.is_untouched


class TestUnreadable:
    async def test_broken_json_under_a_good_signature_is_kept_and_acknowledged(
        self, meta: WebhookSender, intake: RecordingIntake, caplog: pytest.LogCaptureFixture
    ) -> None:
        body = b'{"entry": [{"changes": '
        with caplog.at_level(logging.INFO):
            answer = await meta.post(body)
        assert answer.status_code == 200
        assert intake.raw == [(f"whatsapp:{NUMBER}", body, "not_json")]
        assert intake.batches == []
        assert "whatsapp webhook kept unread: not_json" in caplog.messages

    async def test_every_file_of_the_json_test_suite_is_acknowledged_and_kept(
        self, meta: WebhookSender, intake: RecordingIntake, shared_data: Path
    ) -> None:
        files = sorted((shared_data / "security/json/JSONTestSuite").glob("*.json"))
        assert len(files) == 318
        for file in files:
            assert (await meta.post(file.read_bytes())).status_code == 200, file.name
        assert [body for _, body, _ in intake.raw] == [file.read_bytes() for file in files]
        reasons = {file.name: reason for file, (_, _, reason) in zip(files, intake.raw, strict=True)}
        assert {name: reasons[name] for name in reasons if name.startswith("n_")} == {
            name: "not_json" for name in reasons if name.startswith("n_")
        }
        assert {reasons[name] for name in reasons if name.startswith("y_")} == {"not_an_envelope"}
        assert (intake.batches, intake.statuses) == ([], [])


async def test_no_log_line_carries_a_number_a_name_a_text_or_an_id(
    meta: WebhookSender, intake: RecordingIntake, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer(NUMBER, "34600999888", "Nombre Secreto", "ES.424242")
    good = webhook_bodies.text(writer, "texto secreto", message_id="wamid.SECRET")
    system = webhook_bodies.message(writer, {"type": "system", "system": {"type": "user_changed_number", "wa_id": "3"}})
    with caplog.at_level(logging.DEBUG):
        await meta.post_values(good, system, webhook_bodies.value(NUMBER, messages=[{"id": "wamid.SECRET"}]))
        await meta.post(webhook_bodies.batch([good])[:-3])
        await meta.post(webhook_bodies.batch([good]), signature="sha256=bad")
        intake.is_down = True
        await meta.post_values(good)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("runtime.")]
    assert len(ours) == 4
    for secret in ("34600999888", "Secreto", "secreto", "ES.424242", "wamid.SECRET"):
        assert not any(secret in line for line in ours)


class TestSenderCommand:
    @pytest.mark.parametrize(
        ("words", "text", "payload"),
        [
            (["--text", "hola"], "hola", None),
            (["--button", "menu_book", "Book"], "Book", "menu_book"),
            (["--list", "day_1", "Mon"], "Mon", "day_1"),
        ],
    )
    async def test_it_plays_meta(
        self, webhook_url: str, intake: RecordingIntake, words: list[str], text: str, payload: str | None
    ) -> None:
        options = ["--url", webhook_url, "--app-secret", APP_SECRET, "--phone-number-id", NUMBER, "--id", "wamid.9"]
        assert await asyncio.to_thread(main, [*options, *words]) == 0
        ((envelope,),) = intake.batches
        assert (envelope.message.id, envelope.message.text, envelope.message.payload) == ("wamid.9", text, payload)

    async def test_it_tells_when_it_was_refused(self, webhook_url: str, intake: RecordingIntake) -> None:
        options = ["--url", webhook_url, "--app-secret", "wrong", "--text", "hola"]
        assert await asyncio.to_thread(main, options) == 1
        assert intake.is_untouched
