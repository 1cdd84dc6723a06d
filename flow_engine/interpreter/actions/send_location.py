from __future__ import annotations

from typing import Final

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import render_optional
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Location
from flow_engine.program.actions.send_location import SendLocation
from flow_engine.vocabulary import JSON

_NOWHERE: Final = 999.0
"""Degrees of no point; shaping the output leaves the words of it and notes why."""

_LONGEST_NUMBER_CHARS: Final = 32


def run(turn: Turn, action: SendLocation) -> After:
    turn.say(render_location(turn, action))
    return After.GO_ON


def render_location(turn: Turn, action: SendLocation) -> Location:
    return Location(
        _degrees(action.latitude.render(turn.scope)),
        _degrees(action.longitude.render(turn.scope)),
        render_optional(turn, action.name),
        render_optional(turn, action.address),
    )


def _degrees(value: JSON) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _NOWHERE
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER_CHARS:
        return _NOWHERE
    try:
        return float(value)
    except (ValueError, OverflowError):
        return _NOWHERE
