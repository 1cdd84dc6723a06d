"""A message as the flow looks at it: what was tapped or typed, and whether it answers the open question."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.answers import Parsed, fold, parse_yes_no
from flow_engine.interpreter.answer_context import answer_context
from flow_engine.interpreter.turn import Turn
from flow_engine.interpreter.typed_answer import Typed, bare, begun, recognise
from flow_engine.messages import InternalMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons, Option, Output
from flow_engine.outputs.stamp import read_tap, stamp_of
from flow_engine.program.state import State
from flow_engine.program.transition import Transition, fold_typed
from flow_engine.trace import OptionRecognised, RecognisedBy
from flow_engine.vocabulary import MessageType

NO = "@no"
"""The id of "no" under "Did you mean …?". It leads back to the open question."""

_NO_OPTION_TYPES = {type_: frozenset((type_,)) for type_ in MessageType}


@dataclass  # neither frozen nor slotted, for it lives within one step: made in a third of the time (measured)
class Answer:
    """A message as transitions look at it.

    ``payload`` is what was tapped, without its stamp, or the option that the typed text stands for. ``said`` is the
    text, when nothing was tapped. A text that stands for an option counts as that kind of tap too, so ``types`` may
    hold two. ``old`` is a tap on a message whose question is not the open one.
    """

    message: InternalMessage
    payload: str | None
    said: Typed | None
    types: frozenset[MessageType]
    recognised: OptionRecognised | None = None
    old: bool = False


def read_answer(turn: Turn, state: State | None, message: InternalMessage) -> Answer:
    """What ``message`` says. Forgets what was offered back: it has been answered now, one way or another."""
    doubt, turn.doubt = turn.doubt, None
    types = _NO_OPTION_TYPES[message.type]
    if message.payload is not None:
        option_id, is_other = read_tap(message.payload, stamp_of(turn.question_turn))
        return Answer(message, option_id, None, types, None, message.late or is_other)
    typed = fold_typed(message.text) if message.type is MessageType.TEXT else ""
    if not typed:
        return Answer(message, None, None, types)
    said = Typed(typed, fold(message.text), turn.language or turn.program.language)
    option = None
    if doubt is not None:
        option = _settle_doubt(turn, said, message.text, doubt)
    if option is None and turn.question is not None:
        option = _recognise(turn, state, said, turn.question)
    if option is None:
        return Answer(message, None, said, types)
    tapped = MessageType.BUTTON if isinstance(turn.question, Buttons) else MessageType.LIST
    return Answer(message, option.payload, said, types | {tapped}, option)


def _settle_doubt(turn: Turn, said: Typed, text: str, doubt: Output) -> OptionRecognised | None:
    """One of the meanings that were offered back, by its title or number, or by yes or no."""
    options = tuple(options_of(doubt))
    found = recognise(said, options, (), turn.scope)
    if found is not None:
        return OptionRecognised(found.payload, RecognisedBy.OFFERED_BACK)
    if not any(bare(option) == NO for option in options):
        return None
    answer = parse_yes_no(text, answer_context(turn))
    if not isinstance(answer, Parsed):
        return None
    return OptionRecognised(bare(options[0]) if answer.value else NO, RecognisedBy.OFFERED_BACK)


def _recognise(turn: Turn, state: State | None, said: Typed, question: Output) -> OptionRecognised | None:
    options = tuple(options_of(question))
    if not options:
        return None
    found = recognise(said, options, () if state is None else state.synonyms, turn.scope)
    return found or _complete(turn, state, said, options)


def _complete(turn: Turn, state: State | None, said: Typed, options: tuple[Option, ...]) -> OptionRecognised | None:
    """The one option that was begun; a keyword of the flow that reads the same comes before it."""
    started = begun(said, options)
    if len(started) != 1 or any(_is_keyword(transition, said) for transition in _transitions(turn, state)):
        return None
    return OptionRecognised(bare(started[0]), RecognisedBy.PREFIX)


def _transitions(turn: Turn, state: State | None) -> tuple[Transition, ...]:
    own = () if state is None else state.transitions
    flow = () if state is None or state.flow is None else turn.program.flows[state.flow].global_transitions
    return (*own, *flow, *turn.program.global_transitions)


def _is_keyword(transition: Transition, said: Typed) -> bool:
    if transition.typed_payload == said.typed:
        return True
    wording = transition.wording
    return wording is not None and wording.on_text is not None and wording.on_text.has(said.words, said.language)
