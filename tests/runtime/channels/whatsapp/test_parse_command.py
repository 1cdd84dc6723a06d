"""``python -m runtime parse-webhook``: one JSON line per thing found, exit code 0 whatever the body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.__main__ import main
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer
from tests.runtime.channels.whatsapp.test_inbound import PUBLISHED

LUCIA = Writer(phone_number_id="1", phone="34600111222", name="Lucía", user_id="ES.13")
PEDRO = Writer(phone_number_id="2", phone="34600333444", name="Pedro")


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def parse(*files: Path) -> int:
    return main(["parse-webhook", *map(str, files)], {})


def test_each_thing_in_a_body_is_a_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    values = [
        webhook_bodies.text(LUCIA, "mañana", message_id="wamid.1", at=1767225600),
        webhook_bodies.tap(PEDRO, "button_reply", "book~3", "Book", message_id="wamid.2"),
        webhook_bodies.status("2", "wamid.9", "failed", "34600333444", errors=[{"code": 131047}]),
    ]
    (tmp_path / "body.json").write_bytes(webhook_bodies.batch(values))
    assert parse(tmp_path / "body.json") == 0
    text, tap, status = lines(capfd)
    assert (text["found"], text["type"], text["text"], text["payload"]) == ("message", "text", "mañana", None)
    assert (text["contact_id"], text["contact_phone"], text["channel_id"]) == ("ES.13", "34600111222", "whatsapp:1")
    assert (tap["type"], tap["payload"], tap["channel_id"]) == ("button", "book~3", "whatsapp:2")
    assert (status["found"], status["status"], status["error_code"]) == ("status", "failed", "131047")
    assert (status["contact_id"], status["contact_phone"]) == ("34600333444", "34600333444")
    assert {line["file"] for line in (text, tap, status)} == {str(tmp_path / "body.json")}


def test_every_published_body_gives_as_many_lines_as_the_table_says(
    shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert parse(*(shared_data / "whatsapp" / file for file in PUBLISHED)) == 0
    found = [line["found"] for line in lines(capfd)]
    for kind, key in (("message", "messages"), ("status", "statuses"), ("notice", "notices")):
        assert found.count(kind) == sum(len(expected.get(key, [])) for expected in PUBLISHED.values())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\x00", b'{"entry": [7]}', b'{"entry": {}}'])
def test_any_body_ends_with_0(tmp_path: Path, capfd: pytest.CaptureFixture[str], body: bytes) -> None:
    (tmp_path / "body").write_bytes(body)
    assert parse(tmp_path / "body") == 0
    assert len(lines(capfd)) == 1


def test_every_file_of_the_json_test_suite_ends_with_0(shared_data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = sorted((shared_data / "security/json/JSONTestSuite").glob("*.json"))
    assert parse(*files) == 0
    assert [line["found"] for line in lines(capfd)] == ["unreadable"] * len(files)


def test_a_file_that_is_not_there_is_told_and_the_others_are_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "body").write_bytes(webhook_bodies.batch([webhook_bodies.text(LUCIA, "hola")]))
    assert parse(tmp_path / "gone", tmp_path / "body") == 2
    told = capfd.readouterr()
    assert told.err == f"parse-webhook: {tmp_path / 'gone'}: No such file or directory\n"
    assert json.loads(told.out)["text"] == "hola"
