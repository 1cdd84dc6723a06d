"""Which notices change what is kept of a contact, by a table written by hand; the published ones among them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.channels.whatsapp.inbound import notes_of
from runtime.ports.contact_notes import (
    ContactNote,
    IdentityChanged,
    MessageEdited,
    MessageRevoked,
    StaffWrote,
    WishShown,
)
from runtime.wish import Wish
from tests.fakes import webhook_bodies
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.channels.whatsapp.expectations import NUMBER, RECEIVED_AT, parsed
from tests.runtime.channels.whatsapp.recording import RecordingIntake

CHANNEL = f"whatsapp:{NUMBER}"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def noted(body: bytes, number: str = NUMBER) -> list[ContactNote]:
    return notes_of(parsed(body, number).notices, RECEIVED_AT)


PUBLISHED: dict[str, ContactNote] = {
    "meta_docs_examples/webhook__system__1.json": IdentityChanged(
        CHANNEL, "16505551234", "12195555358", RECEIVED_AT, "12195555358"
    ),
    "vaam_bsuid/system_user_changed_user_id.json": IdentityChanged(
        CHANNEL, "US.13491208655302741918", "US.29847561203948576612", RECEIVED_AT
    ),
    "vaam_bsuid/user_id_update.json": IdentityChanged(
        CHANNEL, "US.13491208655302741918", "US.29847561203948576612", at(1767168400), "16505551234"
    ),
    "meta_docs_examples/webhook__smb_message_echoes__1.json": StaffWrote(
        CHANNEL,
        "whatsapp",
        "16505551234",
        "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBIyNDlBOEI5QUQ4NDc0N0FCNjMA",
        at(1739321024),
        "Here's the info you requested! https://www.meta.com/quest/quest-3/",
    ),
    "meta_docs_examples/webhook__user_preferences__1.json": WishShown(
        CHANNEL, "16505551234", Wish.IN, "user_preferences:2024-11-15T21:22:01+00:00", at(1731705721)
    ),
    "meta_docs_examples/webhook__revoke__1.json": MessageRevoked(
        CHANNEL, "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA="
    ),
}


@pytest.mark.parametrize(("file", "note"), PUBLISHED.items(), ids=PUBLISHED)
def test_a_published_body_says_this(file: str, note: ContactNote, shared_data: Path) -> None:
    assert noted((shared_data / "whatsapp" / file).read_bytes()) == [note]


def test_an_edit_says_what_the_message_is_now(shared_data: Path) -> None:
    (note,) = noted((shared_data / "whatsapp/meta_docs_examples/webhook__edit__1.json").read_bytes())
    assert isinstance(note, MessageEdited)
    assert note.original_id == "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA="
    assert (note.message.type, note.message.text) == ("image", "Updated image caption")


def system(**facts: Any) -> bytes:
    sender = facts.pop("sender", {"from": "34600"})
    message = {"id": "wamid.1", "type": "system", "system": facts} | sender
    return webhook_bodies.batch([webhook_bodies.value(NUMBER, messages=[message])])


SYSTEM: dict[str, tuple[bytes, list[ContactNote]]] = {
    "a new number and a new user id": (
        system(type="user_changed_number", wa_id="34700", user_id="ES.2"),
        [IdentityChanged(CHANNEL, "34600", "ES.2", RECEIVED_AT, "34700")],
    ),
    "a new number of somebody with a user id": (
        system(type="user_changed_number", wa_id="34700", sender={"from_user_id": "ES.1"}),
        [IdentityChanged(CHANNEL, "ES.1", "ES.1", RECEIVED_AT, "34700")],
    ),
    "the older form": (
        system(type="customer_changed_number", new_wa_id="34700"),
        [IdentityChanged(CHANNEL, "34600", "34700", RECEIVED_AT, "34700")],
    ),
    "a change to nothing": (system(type="user_changed_number"), []),
    "another device": (system(type="customer_identity_changed", wa_id="34600"), []),
}


@pytest.mark.parametrize(("body", "notes"), SYSTEM.values(), ids=SYSTEM)
def test_a_system_message_says_this(body: bytes, notes: list[ContactNote]) -> None:
    assert noted(body) == notes


def field(name: str, number: str = NUMBER, **value: Any) -> bytes:
    return webhook_bodies.encode(webhook_bodies.envelope(webhook_bodies.value(number, **value), field=name))


NOTHING: dict[str, bytes] = {
    "an echo to nobody": field("smb_message_echoes", message_echoes=[{"id": "wamid.1", "type": "text"}]),
    "an echo without an id": field("smb_message_echoes", message_echoes=[{"to": "34600"}]),
    "an echo of another number": field("smb_message_echoes", "999", message_echoes=[{"id": "1", "to": "34600"}]),
    "a preference nobody knows": field("user_preferences", user_preferences=[{"wa_id": "34600", "value": "maybe"}]),
    "a preference of nobody": field("user_preferences", user_preferences=[{"value": "stop"}]),
    "an update of no id": field("user_id_update", user_id_update=[{"user_id": {"current": "ES.1"}}]),
    "a template that changed": field("message_template_status_update", event="PAUSED"),
    "parts that are none": field("smb_message_echoes", message_echoes=["x", None, 7]),
}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_what_says_too_little_changes_nothing(body: bytes) -> None:
    assert noted(body) == []


async def test_a_change_of_identity_is_noted_before_the_messages_of_the_same_body(
    meta: WebhookSender, intake: RecordingIntake
) -> None:
    change = {
        "from": "34600",
        "id": "wamid.1",
        "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "34700"},
    }
    revoke = {"from": "34700", "id": "wamid.2", "type": "revoke", "revoke": {"original_message_id": "wamid.0"}}
    said = webhook_bodies.text(webhook_bodies.Writer(NUMBER, "34700"), "hola")
    response = await meta.post_values(webhook_bodies.value(NUMBER, messages=[revoke, change]), said)
    assert response.status_code == 200
    assert intake.calls == ["note", "accept", "note"]
    assert [type(note) for note in intake.notes] == [IdentityChanged, MessageRevoked]


async def test_a_note_that_cannot_be_stored_comes_back(meta: WebhookSender, intake: RecordingIntake) -> None:
    intake.is_down = True
    assert (await meta.post(NOTHING["a template that changed"])).status_code == 200
    assert (await meta.post(SYSTEM["the older form"][0])).status_code == 503
    assert intake.is_untouched
