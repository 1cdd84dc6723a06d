"""What webhook bodies turn into, by two tables: the published bodies and our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes import webhook_bodies
from tests.runtime.channels.whatsapp.expectations import NUMBER, Expected, assert_found, messages, parsed

HERE = Path(__file__).parent
PUBLISHED: dict[str, Expected] = yaml.safe_load((HERE / "published_bodies.yaml").read_text("utf-8"))
OURS: list[dict[str, Any]] = yaml.safe_load((HERE / "hand_written_bodies.yaml").read_text("utf-8"))


@pytest.mark.parametrize("file", PUBLISHED)
def test_a_published_body_becomes_what_the_table_says(file: str, shared_data: Path) -> None:
    expected = PUBLISHED[file]
    body = (shared_data / "whatsapp" / file).read_bytes()
    assert_found(parsed(body, expected.get("number", NUMBER)), expected)


@pytest.mark.parametrize("case", OURS, ids=[case["description"] for case in OURS])
def test_a_body_of_ours_becomes_what_the_table_says(case: dict[str, Any]) -> None:
    value = case.get("value")
    body = case["envelope"] if value is None else webhook_bodies.envelope(webhook_bodies.value(NUMBER, **value))
    assert_found(parsed(json.dumps(body).encode()), case)


def test_every_published_body_stands_in_the_table(shared_data: Path) -> None:
    folder = shared_data / "whatsapp"
    files = {*folder.glob("*/webhook__*.json"), *folder.glob("vaam_bsuid/*.json")}
    assert {path.relative_to(folder).as_posix() for path in files} == set(PUBLISHED)


def test_a_published_body_to_another_number_yields_no_message_and_no_status(shared_data: Path) -> None:
    for file in PUBLISHED:
        found = parsed((shared_data / "whatsapp" / file).read_bytes(), "another-number")
        assert (found.messages, found.statuses) == ([], []), file


def test_nul_is_dropped_and_half_a_surrogate_pair_is_replaced() -> None:
    body = _with_text(r"a\u0000b \ud83d\ude00 \ud83d c \ude00\ud83d \\u0000 \\ud83d \uDC00")
    (message,) = messages(body)
    assert message.text == "ab 😀 � c �� \\u0000 \\ud83d �"


def test_right_to_left_overrides_stay_as_they_were_written() -> None:
    (message,) = messages(_with_text(r"\u202egnp.exe"))
    assert message.text == "\u202egnp.exe"


def test_a_form_answer_is_cleaned_like_the_body_around_it() -> None:
    reply = {"name": "flow", "body": "", "response_json": r'{"a": "x\u0000y", "b": "\ud83d"}'}
    value = webhook_bodies.message(
        webhook_bodies.Writer(), {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}
    )
    (message,) = messages(webhook_bodies.batch([value]))
    assert message.content["response"] == {"a": "xy", "b": "�"}


def test_a_message_without_an_id_gets_the_same_one_on_every_delivery() -> None:
    value = webhook_bodies.text(webhook_bodies.Writer(), "hola", at=1767225600)
    del value["messages"][0]["id"]
    first, again = (messages(webhook_bodies.batch([value]))[0].id for _ in range(2))
    value["messages"][0]["text"]["body"] = "adiós"
    other = messages(webhook_bodies.batch([value]))[0].id
    assert first == again
    assert first != other
    assert first.startswith("sha256:")


def test_content_that_nests_for_ever_is_carried_to_a_bounded_depth() -> None:
    card: Any = {}
    for _ in range(900):
        card = {"x": card}
    value = webhook_bodies.message(webhook_bodies.Writer(), {"type": "contacts", "contacts": [card]})
    (message,) = messages(webhook_bodies.batch([value]))
    assert len(json.dumps(dict(message.content))) < 200


def test_a_thousand_updates_in_one_body_are_all_found() -> None:
    writer = webhook_bodies.Writer()
    values = [webhook_bodies.text(writer, str(number), message_id=f"wamid.{number}") for number in range(1000)]
    assert [message.text for message in messages(webhook_bodies.batch(values))] == [str(n) for n in range(1000)]


def _with_text(escaped: str) -> bytes:
    value = webhook_bodies.text(webhook_bodies.Writer(), "PLACE")
    return webhook_bodies.batch([value]).replace(b"PLACE", escaped.encode())
