"""Every line that is written while a turn is worked on says which one, whoever writes it."""

from __future__ import annotations

import io
import json
import logging

from runtime.telemetry.json_log import JSONFormatter
from runtime.telemetry.redaction import Redactor
from runtime.telemetry.turn_context import working_on


def test_a_line_carries_the_turn_it_was_written_in_and_no_other() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter(Redactor()))
    log = logging.getLogger("tests.turns")
    log.addHandler(handler)
    log.warning("before")
    with working_on("17"):
        log.warning("within")
    log.warning("after")
    log.removeHandler(handler)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line.get("turn") for line in lines] == [None, "17", None]
