"""Asks back what an answer meant, instead of guessing. The open question stays open meanwhile."""

from __future__ import annotations

from flow_engine.interpreter.answer import NO, Answer
from flow_engine.interpreter.turn import Turn
from flow_engine.interpreter.typed_answer import bare, near_misses
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons, Option
from flow_engine.outputs.stamp import stamp_of
from flow_engine.program.state import State
from flow_engine.trace_answers import OfferedBack

MAX_NEAR_MISSES = 5
"""More options than these are no doubt but a menu: the question is asked again instead."""


def offer_near_misses(turn: Turn, state: State, answer: Answer) -> bool:
    """Ask "Did you mean …?" for an option that was nearly named; ``False`` if none was."""
    options = tuple(options_of(turn.question))
    if answer.said is None or answer.recognised is not None or not options:
        return False
    near = near_misses(answer.said, options, state.synonyms, turn.scope)
    if not 0 < len(near) <= MAX_NEAR_MISSES:
        return False
    if len(near) > 1:
        offer_back(turn, turn.sentence("which_one"), near)
        return True
    yes = Option(near[0].id, turn.sentence("yes"))
    no = Option(NO + stamp_of(turn.question_turn), turn.sentence("no"))
    body = turn.program.sentences["did_you_mean"].render_text(turn.scope_with(near[0].title))
    offer_back(turn, body, [yes, no])
    return True


def offer_back(turn: Turn, body: str, options: list[Option]) -> None:
    """Ask which of ``options`` was meant. Their ids carry the stamp of the open question, which they answer."""
    turn.doubt = Buttons(body, tuple(options))
    turn.trace.append(OfferedBack(tuple(bare(option) for option in options if bare(option) != NO)))
    turn.say(turn.doubt)
