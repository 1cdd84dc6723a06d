"""Secrets, customers and their words stay out of the log; a line stays a line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from runtime.telemetry.json_log import ERROR_CHARS, JSONFormatter, configure_logging
from runtime.telemetry.redaction import HIDDEN, Redactor

CANARY = "hunter2-the-app-secret"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = tuple(root.handlers), root.level
    written = io.StringIO()
    redactor = Redactor(b"luna")
    redactor.add([CANARY, "", "a", "inner", "inner-and-outer"])
    configure_logging(redactor, tenant="luna", stream=written)
    yield written
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"token is {CANARY}!", f"token is {HIDDEN}!"),
        ("inner-and-outer", HIDDEN),
        ("Authorization: Bearer abcdef123456", f"Authorization: {HIDDEN}"),
        ("authorization: bearer abcdef123456", f"authorization: {HIDDEN}"),
        ("gAAAAABmZmZmZmZmZmZmZmZmZmZmZg==", HIDDEN),
        ("EAAGm0PX4ZCpsBAKZCxyz1234567890", HIDDEN),
        ("sk-ant-api03-abcdefghijklmnop", HIDDEN),
        ("https://user:pass@host/path", f"https://{HIDDEN}@host/path"),
        (
            "GET /webhook?hub.mode=subscribe&hub.verify_token=abc123&x=1",
            f"GET /webhook?hub.mode=subscribe&hub.verify_token={HIDDEN}&x=1",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----", HIDDEN),
        ("bundle 12 is live at 10:30", "bundle 12 is live at 10:30"),
    ],
)  # fmt: skip - one case a line
def test_what_a_text_becomes(text: str, expected: str) -> None:
    redactor = Redactor()
    redactor.add([CANARY, "inner", "inner-and-outer"])
    assert redactor.clean(text) == expected


def test_a_phone_number_becomes_the_same_short_name_each_time() -> None:
    redactor = Redactor(b"luna")
    first, second = redactor.clean("from 34600111222"), redactor.clean("from +34600111222")
    assert first == second
    assert "34600111222" not in first
    assert Redactor(b"other").clean("from 34600111222") != first


def test_a_secret_reaches_the_log_by_no_way(stream: io.StringIO) -> None:
    log = logging.getLogger("test.redaction")
    log.info("by argument %s", CANARY)
    log.info("by field", extra={"code": CANARY, "channel": "whatsapp:1"})
    log.info("by a field that is not allowed", extra={"body": "the customer's words"})
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("by exception")
    assert CANARY not in stream.getvalue()
    assert "the customer's words" not in stream.getvalue()
    assert [line["message"] for line in lines(stream)] == [
        f"by argument {HIDDEN}",
        "by field",
        "by a field that is not allowed",
        "by exception",
    ]


def test_a_contact_is_named_but_not_told(stream: io.StringIO) -> None:
    logging.getLogger("test").info("turn done", extra={"contact_id": "34600111222"})
    (line,) = lines(stream)
    assert str(line["contact_id"]).startswith("c-")
    assert "34600111222" not in stream.getvalue()


def test_line_breaks_and_terminal_codes_are_escaped(stream: io.StringIO) -> None:
    logging.getLogger("test").info("one\r\ntwo \x1b[31mred\x1b[0m \u2028 three")
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_an_endless_error_is_cut(stream: io.StringIO) -> None:
    try:
        raise ValueError("x" * 100_000)
    except ValueError:
        logging.getLogger("test").exception("long")
    (line,) = lines(stream)
    assert len(str(line["error"])) == ERROR_CHARS


def test_a_wrong_format_string_still_writes_its_line() -> None:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, "%d items", ("many",), None)
    assert json.loads(JSONFormatter(Redactor()).format(record))["message"] == "%d items"
