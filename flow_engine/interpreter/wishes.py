"""A customer says whether the business may write unasked. The conversation stays where it is."""

from __future__ import annotations

from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.trace_detours import WishConfirmed


def confirm_wish(turn: Turn, *, wants: bool) -> None:
    turn.begin()
    turn.trace.append(WishConfirmed("in" if wants else "out"))
    turn.say(Text(turn.sentence("opted_in" if wants else "opted_out")))
