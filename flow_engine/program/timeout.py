from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from flow_engine.expressions import ValueTemplate
from flow_engine.program.reading import Fields
from flow_engine.program.transition import read_set_data


@dataclass(frozen=True, slots=True)
class Timeout:
    """Where a state leads when no message comes: ``after_s`` seconds, or until the next ``at`` in the tenant's zone.

    Exactly one of the two is set.
    """

    after_s: int | None
    at: time | None
    target: str
    set_data: Mapping[str, ValueTemplate]


@dataclass(frozen=True, slots=True)
class Session:
    """How long a customer may be silent before the conversation is over, and where it is led then, if anywhere."""

    expires_after_s: int
    target: str | None


def read_timeout(fields: Fields) -> Timeout:
    after = fields.optional_whole_number("after")
    at = None if fields.optional("at") is None else _read_clock(fields)
    if (after is None) == (at is None):
        fields.fail("after", "exactly one of after and at was expected")
    return Timeout(after, at, fields.target("target"), read_set_data(fields))


def read_session(fields: Fields) -> Session:
    seconds = fields.optional_whole_number("expires_after")
    if seconds is None:
        fields.fail("expires_after", "a whole number above zero was expected")
    return Session(seconds, fields.optional_target("target"))


def _read_clock(fields: Fields) -> time:
    try:
        return time.fromisoformat(fields.text("at"))
    except ValueError:  # its own words differ from one Python to the next
        fields.fail("at", "a time of day such as 18:00 was expected")
