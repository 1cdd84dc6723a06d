"""Which transition a message takes: the state's own in order, then the global ones; the first that matches wins."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.expressions import Scope
from flow_engine.interpreter.turn import Turn
from flow_engine.interpreter.typed_answer import recognise
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Buttons, Output
from flow_engine.program.state import State
from flow_engine.program.transition import Transition, fold_typed
from flow_engine.trace import OptionRecognised, TransitionsTried, Verdict
from flow_engine.vocabulary import MessageType

_NO_OPTION_TYPES = {type_: frozenset((type_,)) for type_ in MessageType}


@dataclass(frozen=True, slots=True)
class Answer:
    """A message as transitions look at it.

    ``payload`` is what was tapped, or the option that the typed text stands for. ``typed`` is the text
    as it is compared with payloads, when nothing was tapped. A text that stands for an option counts as that
    kind of tap too, so ``types`` may hold two.
    """

    payload: str | None
    typed: str | None
    types: frozenset[MessageType]
    recognised: OptionRecognised | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The transition to follow. ``suffix`` is what came after ``on_payload_prefix``, if there is one.

    ``is_global`` and ``everywhere`` tell whether it is a sub-flow's global transition (the first only), one of the
    whole flow (both) or the state's own (none).
    """

    transition: Transition
    suffix: str | None
    is_global: bool = False
    everywhere: bool = False


def read_answer(message: InternalMessage, question: Output | None) -> Answer:
    types = _NO_OPTION_TYPES[message.type]
    if message.payload is not None or message.type is not MessageType.TEXT:
        return Answer(message.payload, None, types)
    typed = fold_typed(message.text) or None
    option = recognise(message.text, question) if question is not None and typed is not None else None
    if option is None:
        return Answer(None, typed, types)
    tapped = MessageType.BUTTON if isinstance(question, Buttons) else MessageType.LIST
    return Answer(option.payload, typed, types | {tapped}, option)


def find_transition(turn: Turn, state: State | None, answer: Answer) -> Match | None:
    """The first match, and a trace of every transition that was tried on the way."""
    if answer.recognised is not None:
        turn.trace.append(answer.recognised)
    if state is not None:
        found = _try_all(turn, state.name, state.transitions, answer, turn.scope)
        if found is not None:
            return Match(*found)
        if state.flow is not None:
            flow = turn.program.flows[state.flow]
            found = _try_all(turn, f"{flow.name}/", flow.global_transitions, answer, turn.scope)
            if found is not None:
                return Match(*found, is_global=True)
    found = _try_all(turn, None, turn.program.global_transitions, answer, turn.outer_scope())
    return None if found is None else Match(*found, is_global=True, everywhere=True)


def _try_all(
    turn: Turn, where: str | None, transitions: tuple[Transition, ...], answer: Answer, scope: Scope
) -> tuple[Transition, str | None] | None:
    verdicts: list[Verdict] = []
    found: tuple[Transition, str | None] | None = None
    for transition in transitions:
        verdict = _try(transition, answer, scope)
        verdicts.append(verdict)
        if verdict is Verdict.MATCHED:
            found = transition, _suffix(transition, answer)
            break
    if verdicts:
        turn.trace.append(TransitionsTried(where, tuple(verdicts)))
    return found


def _try(transition: Transition, answer: Answer, scope: Scope) -> Verdict:
    payload = answer.payload
    wanted = transition.on_payload
    if wanted is not None and wanted != payload and (answer.typed is None or transition.typed_payload != answer.typed):
        return Verdict.OTHER_PAYLOAD
    prefix = transition.on_payload_prefix
    if prefix is not None and (payload is None or not payload.startswith(prefix)):
        return Verdict.OTHER_PREFIX
    if transition.on_type is not None and transition.on_type.isdisjoint(answer.types):
        return Verdict.OTHER_TYPE
    if transition.condition is not None and not transition.condition.test(scope):
        return Verdict.CONDITION_FALSE
    return Verdict.MATCHED


def _suffix(transition: Transition, answer: Answer) -> str | None:
    prefix = transition.on_payload_prefix
    return None if prefix is None or answer.payload is None else answer.payload[len(prefix) :]
