"""What updates turn into, by a table; and that anything at all turns into something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runtime.channels.telegram.inbound import (
    BlockChanged,
    Edited,
    Passed,
    Tapped,
    Unreadable,
    Update,
    Written,
    parse_update,
)
from tests.fakes.telegram import updates
from tests.fakes.telegram.updates import Customer
from tests.runtime.desk import NOW

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "updates.yaml").read_text("utf-8"))
LUCIA = Customer()


def parse(update: Any) -> Update:
    return parse_update(json.dumps(update).encode(), received_at=NOW)


@pytest.mark.parametrize("case", CASES, ids=[case["description"] for case in CASES])
def test_an_update_becomes_what_the_table_says(case: dict[str, Any]) -> None:
    if "message" in case:
        update = updates.written(1, LUCIA, 5, {})
        update["message"] |= case["message"]
    else:
        update = {"update_id": 1, **case["update"]}
    match parse(update):
        case Written(message):
            assert {key: _seen(message, key) for key in case["written"]} == case["written"]
        case Tapped(message, query_id, number):
            found = {"query_id": query_id, "message_number": number}
            seen = {key: found[key] if key in found else _seen(message, key) for key in case["tapped"]}
            assert seen == case["tapped"]
        case Edited(original_id, message):
            seen = {key: original_id if key == "original_id" else _seen(message, key) for key in case["edited"]}
            assert seen == case["edited"]
        case BlockChanged(contact_id, blocked, proof, at):
            changed = {"contact_id": contact_id, "blocked": blocked, "proof": proof, "at": at.isoformat()}
            assert changed == case["block_changed"]
        case Passed(reason):
            assert reason == case["passed"]
        case Unreadable(reason):
            assert reason == case["unreadable"]


def _seen(message: Any, key: str) -> Any:
    value = getattr(message, key)
    match key:
        case "content":
            return dict(value)
        case "sent_at":
            return value.isoformat()
        case _:
            return value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_an_update"),
        (b'"x"', "not_an_update"),
        (b"{}", "not_an_update"),
    ],
)
def test_what_is_no_update_says_so(body: bytes, reason: str) -> None:
    assert parse_update(body, received_at=NOW) == Unreadable(reason)


def test_nul_is_dropped_and_half_a_surrogate_pair_is_replaced() -> None:
    body = json.dumps(updates.written(1, LUCIA, 5, {"text": "PLACE"})).replace("PLACE", r"a\u0000b \ud83d c")
    found = parse_update(body.encode(), received_at=NOW)
    assert isinstance(found, Written)
    assert found.message.text == "ab � c"


KEYS = ["id", "chat", "from", "message_id", "date", "text", "photo", "voice", "contact", "location", "venue", "type"]
KEYS += ["data", "message", "reply_markup", "inline_keyboard", "callback_data", "new_chat_member", "status", "file_id"]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6) | st.just("private"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "other"]), values)
def test_any_update_becomes_something_that_can_be_stored(key: str, value: Any) -> None:
    found = parse({"update_id": 1, key: value})
    if isinstance(found, Written | Tapped):
        message = found.message
        json.dumps([message.id, message.contact_id, message.text, message.payload, dict(message.content)]).encode()
        message.text.encode()
        assert message.contact_id
        assert message.sent_at.tzinfo is not None


@given(st.binary(max_size=100))
def test_any_bytes_become_something(body: bytes) -> None:
    assert parse_update(body, received_at=NOW) is not None
