"""Whatever the bytes: an answer, never an exception, and nothing that a database or an encoder refuses."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.messages import InternalMessage
from runtime.channels.whatsapp.inbound import ParsedWebhook, UnreadableBody
from tests.fakes import webhook_bodies
from tests.runtime.channels.whatsapp.expectations import NUMBER, parse

KEYS = [
    "text",
    "body",
    "interactive",
    "button",
    "button_reply",
    "list_reply",
    "nfm_reply",
    "response_json",
    "image",
    "id",
    "mime_type",
    "caption",
    "location",
    "latitude",
    "longitude",
    "contacts",
    "name",
    "formatted_name",
    "reaction",
    "message_id",
    "emoji",
    "order",
    "product_items",
    "system",
    "wa_id",
    "user_id",
    "edit",
    "message",
    "original_message_id",
    "revoke",
    "context",
    "from",
    "from_user_id",
    "timestamp",
    "type",
    "errors",
    "code",
    "referral",
    "profile",
    "status",
    "biz_opaque_callback_data",
    "title",
    "payload",
    "group_id",
    "voice",
    "forwarded",
    "referred_product",
]
TYPES = [
    "text",
    "interactive",
    "button",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "order",
    "system",
    "edit",
    "revoke",
    "unsupported",
    "request_welcome",
    "button_reply",
    "list_reply",
    "nfm_reply",
    "user_changed_number",
    "sent",
    "failed",
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(TYPES)
    | st.sampled_from(["1767225600", "ES.13", "34600111222", "\x00", '{"a": 1}', "[", "1e999"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
objects = st.dictionaries(st.sampled_from(KEYS), values, max_size=10)
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


@given(any_json)
def test_any_json_value_is_an_unreadable_body_or_an_envelope(value: Any) -> None:
    found = parse(json.dumps(value).encode())
    assert isinstance(found, ParsedWebhook | UnreadableBody)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_unreadable_body_or_an_envelope(body: bytes) -> None:
    assert isinstance(parse(body), ParsedWebhook | UnreadableBody)


@given(any_json)
def test_any_entry_is_walked(value: Any) -> None:
    assert isinstance(parse(json.dumps({"entry": [value, {"changes": [value]}]}).encode()), ParsedWebhook)


@given(st.lists(objects, max_size=4), st.lists(values, max_size=3), st.lists(values, max_size=3), values)
def test_any_message_status_card_and_error_is_accounted_for(
    messages: list[Any], statuses: list[Any], contacts: list[Any], errors: Any
) -> None:
    value = webhook_bodies.value(NUMBER, messages=messages, statuses=statuses, contacts=contacts, errors=errors)
    found = parse(webhook_bodies.batch([value]))
    assert isinstance(found, ParsedWebhook)
    errors_found = len(errors) if isinstance(errors, list) else 0
    items = len(found.messages) + len(found.statuses) + len(found.notices)
    assert items == len(messages) + len(statuses) + errors_found
    for envelope in found.messages:
        assert_storable(envelope.message)


def assert_storable(message: InternalMessage) -> None:
    """Plain JSON without U+0000 and without half surrogate pairs, an id, an author and an aware time."""
    written = json.dumps([message.id, message.contact_id, message.text, message.payload, dict(message.content)])
    assert "\\u0000" not in written.replace("\\\\", "")
    json.loads(written)
    message.text.encode()
    assert message.id
    assert message.contact_id
    assert message.sent_at.tzinfo is not None
