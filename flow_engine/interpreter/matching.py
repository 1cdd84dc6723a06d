"""Which transition a message takes: the state's own in order, then the global ones; the first that matches wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flow_engine.expressions import Scope
from flow_engine.interpreter.answer import Answer
from flow_engine.interpreter.turn import Turn
from flow_engine.program.state import State
from flow_engine.program.taps import Taps
from flow_engine.program.transition import Transition
from flow_engine.program.wording import Wording
from flow_engine.trace import TransitionsTried, Verdict
from flow_engine.vocabulary import MessageType

_NOTHING: Final[Mapping[str, str]] = {}


@dataclass  # neither frozen nor slotted, for it lives within one step: made in a third of the time (measured)
class Match:
    """The transition to follow. ``found`` are the names in data that the message itself fills.

    These are what came after ``on_payload_prefix`` and the named groups of ``on_pattern``.

    ``is_global`` and ``everywhere`` tell whether it is a sub-flow's global transition (the first only), one of the
    whole flow (both) or the state's own (none).
    """

    transition: Transition
    found: Mapping[str, str]
    is_global: bool
    everywhere: bool


def find_transition(turn: Turn, state: State | None, answer: Answer, *, own_only: bool = False) -> Match | None:
    """The first match, and a trace of every transition that was tried on the way.

    A tap on an old message is no answer to the state's question, so only global transitions are tried. With
    ``own_only`` only the state's are.
    """
    if answer.recognised is not None:
        turn.trace.append(answer.recognised)
    if state is not None and not answer.old:
        transition = _try_list(turn, state.name, state.transitions, state.taps, answer, turn.scope)
        if transition is not None:
            return Match(transition, _found(transition, answer), False, False)
    if own_only:
        return None
    if state is not None and state.flow is not None:
        flow = turn.program.flows[state.flow]
        transition = _try_list(turn, f"{flow.name}/", flow.global_transitions, flow.global_taps, answer, turn.scope)
        if transition is not None:
            return Match(transition, _found(transition, answer), True, False)
    program = turn.program
    scope = turn.outer_scope() if turn.calls else turn.scope
    transition = _try_list(turn, None, program.global_transitions, program.global_taps, answer, scope)
    if transition is None:
        return None
    return Match(transition, _found(transition, answer), True, True)


def _try_list(
    turn: Turn,
    where: str | None,
    transitions: tuple[Transition, ...],
    taps: Taps | None,
    answer: Answer,
    scope: Scope,
) -> Transition | None:
    """The first that matches; of a tap, where its payload alone decides, without a search."""
    payload = answer.payload
    if taps is None or payload is None or answer.said is not None:
        return _try_all(turn, where, transitions, answer, scope)
    tap = taps.known.get(payload, taps.others)
    if tap is None:
        return _try_all(turn, where, transitions, answer, scope)
    transition, verdicts = tap
    turn.trace.append(TransitionsTried(where, verdicts))
    return transition


def _try_all(
    turn: Turn, where: str | None, transitions: tuple[Transition, ...], answer: Answer, scope: Scope
) -> Transition | None:
    verdicts: list[Verdict] = []
    found: Transition | None = None
    payload, typed = answer.payload, None if answer.said is None else answer.said.typed
    for transition in transitions:
        wanted = transition.on_payload
        if wanted is not None and wanted != payload and (typed is None or transition.typed_payload != typed):
            verdicts.append(Verdict.OTHER_PAYLOAD)
            continue
        verdict = _try(transition, answer, scope)
        verdicts.append(verdict)
        if verdict is Verdict.MATCHED:
            found = transition
            break
    if verdicts:
        turn.trace.append(TransitionsTried(where, tuple(verdicts)))
    return found


def _try(transition: Transition, answer: Answer, scope: Scope) -> Verdict:
    """Every condition but that of a whole payload, which is looked at before."""
    payload = answer.payload
    prefix = transition.on_payload_prefix
    if prefix is not None and (payload is None or not payload.startswith(prefix)):
        return Verdict.OTHER_PREFIX
    if transition.on_type is not None and transition.on_type.isdisjoint(answer.types):
        return Verdict.OTHER_TYPE
    if transition.wording is not None:
        other = _try_wording(transition.wording, answer)
        if other is not None:
            return other
    if transition.condition is not None and not transition.condition.test(scope):
        return Verdict.CONDITION_FALSE
    return Verdict.MATCHED


def _try_wording(wording: Wording, answer: Answer) -> Verdict | None:
    """The first of these conditions that does not hold, if one does not."""
    said = answer.said
    if wording.on_text is not None and (said is None or not wording.on_text.has(said.words, said.language)):
        return Verdict.OTHER_TEXT
    if wording.on_pattern is not None and _groups(wording, answer) is None:
        return Verdict.OTHER_PATTERN
    if wording.on_referral and not answer.message.content.get("referral"):
        return Verdict.NO_REFERRAL
    return None


def _groups(wording: Wording, answer: Answer) -> Mapping[str, str] | None:
    if wording.on_pattern is None or answer.message.type is not MessageType.TEXT:
        return None
    return wording.on_pattern.find(answer.message.text)


def _found(transition: Transition, answer: Answer) -> Mapping[str, str]:
    """What a transition that matched takes from the message."""
    prefix, name = transition.on_payload_prefix, transition.extract_suffix_as
    found = _NOTHING
    if prefix is not None and name is not None and answer.payload is not None:
        found = {name: answer.payload[len(prefix) :]}
    if transition.wording is not None:
        found = {**found, **(_groups(transition.wording, answer) or {})}
    return found
