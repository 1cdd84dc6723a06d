"""What may be posted to ``/inbound``, and what each mistake is called."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, MessageType
from runtime.channels.http_dev.inbound import Problem, read_inbound
from runtime.web.strict_json import read_strict_json

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def message(**fields: object) -> InternalMessage:
    return InternalMessage(**{"id": "fresh", "contact_id": "user_1", "sent_at": NOW, **fields})  # type: ignore[arg-type] # columns of the table


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"contact_id": "user_1", "text": "hello"}, message(type=MessageType.TEXT, text="hello")),
        ({"contact_id": "user_1", "text": " two\nlines "}, message(type=MessageType.TEXT, text=" two\nlines ")),
        ({"contact_id": "user_1", "payload": "pick"}, message(type=MessageType.BUTTON, payload="pick")),
        (
            {"contact_id": "user_1", "payload": "pick", "text": "Pick", "type": "list"},
            message(type=MessageType.LIST, payload="pick", text="Pick"),
        ),
        ({"contact_id": "user_1", "text": "hello", "id": "m1"}, message(id="m1", type=MessageType.TEXT, text="hello")),
        (
            {"contact_id": "user_1", "text": "hello", "id": None, "type": None},
            message(type=MessageType.TEXT, text="hello"),
        ),
        ({"contact_id": "user_1", "type": "image"}, message(type=MessageType.IMAGE)),
    ],
)  # fmt: skip - one case a line
def test_a_good_body_becomes_a_message(body: JSON, expected: InternalMessage) -> None:
    assert read_inbound(body, fresh_id="fresh", now=NOW) == expected


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ([], (Problem("", "the body must be a JSON object"),)),
        ({}, (Problem("contact_id", "is required"),)),
        ({"contact_id": "a"}, (Problem("text", "is required unless there is a payload"),)),
        ({"contact_id": 5, "text": "x"}, (Problem("contact_id", "must be a text"),)),
        ({"contact_id": " ", "text": "x"}, (Problem("contact_id", "must not be empty"),)),
        ({"contact_id": "a\nb", "text": "x"}, (Problem("contact_id", "must not hold control characters"),)),
        ({"contact_id": "a" * 65, "text": "x"}, (Problem("contact_id", "has 65 characters, 64 are allowed"),)),
        ({"contact_id": "a", "text": "x" * 4097}, (Problem("text", "has 4097 characters, 4096 are allowed"),)),
        ({"contact_id": "a", "text": ""}, (Problem("text", "must not be empty"),)),
        (
            {"contact_id": "a", "payload": "p", "type": "text"},
            (Problem("payload", "goes with type button or list, not with text"),),
        ),
        ({"contact_id": "a", "text": "x", "type": "button"}, (Problem("payload", "is required for type button"),)),
        (
            {"contact_id": "a", "text": "x", "type": "telepathy"},
            (Problem("type", "must be one of " + ", ".join(MessageType)),),
        ),
        (
            {"contact_id": "a", "text": "x", "type": ["text"]},
            (Problem("type", "must be one of " + ", ".join(MessageType)),),
        ),
        (
            {"contact_id": "a", "text": "x", "colour": 1},
            (Problem("colour", "unknown key; known are contact_id, text, payload, type, id"),),
        ),
        (
            {"contact_id": "a", "text": "x", "<script>": 1},
            (Problem("?", "unknown key; known are contact_id, text, payload, type, id"),),
        ),
        (
            {"text": 1, "id": 2},
            (Problem("contact_id", "is required"), Problem("text", "must be a text"), Problem("id", "must be a text")),
        ),
    ],
)  # fmt: skip - one case a line
def test_every_mistake_is_named_at_once(body: JSON, problems: tuple[Problem, ...]) -> None:
    assert read_inbound(body, fresh_id="fresh", now=NOW) == problems


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["nothing", "half", "not UTF-8", "NaN", "a key twice", "half a character", "too deep", "too many digits"],
)
def test_json_with_more_than_one_reading_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_strict_json(body)


def test_strict_json_reads_what_json_writes() -> None:
    value: JSON = {"a": [1, 2.5, None, True, "ñ😀"], "b": {}}
    assert read_strict_json(json.dumps(value).encode()) == value
