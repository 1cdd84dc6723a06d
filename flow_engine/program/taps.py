from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flow_engine.program.transition import Transition
from flow_engine.trace import Verdict


@dataclass(frozen=True, slots=True)
class Taps:
    """A list of transitions as somebody meets it who tapped and wrote nothing: answered without a search.

    ``taken`` is by payload the transition that is taken, with the verdicts up to it. ``doubtful`` are the payloads
    whose first transition has a further condition. ``others`` are the verdicts on every other payload.
    """

    taken: Mapping[str, tuple[Transition, tuple[Verdict, ...]]]
    doubtful: frozenset[str]
    others: tuple[Verdict, ...]


def read_taps(transitions: Sequence[Transition]) -> Taps | None:
    """``None`` for a list whose answer depends on more than the payload, and for an empty one."""
    taken: dict[str, tuple[Transition, tuple[Verdict, ...]]] = {}
    doubtful: set[str] = set()
    others: list[Verdict] = []
    for transition in transitions:
        verdict = _verdict_on_others(transition)
        if verdict is None:
            return None
        payload = transition.on_payload
        if payload is not None and payload not in taken and payload not in doubtful:
            if _is_bare(transition):
                taken[payload] = transition, (*others, Verdict.MATCHED)
            else:
                doubtful.add(payload)
        others.append(verdict)
    return Taps(taken, frozenset(doubtful), tuple(others)) if others else None


def _verdict_on_others(transition: Transition) -> Verdict | None:
    """What it says of every tap on something else; ``None`` where that depends on more than the payload."""
    if transition.on_payload is not None:
        return Verdict.OTHER_PAYLOAD
    if transition.on_payload_prefix is not None or transition.on_type is not None:
        return None
    wording = transition.wording
    return Verdict.OTHER_TEXT if wording is not None and wording.on_text is not None else None


def _is_bare(transition: Transition) -> bool:
    further = (transition.on_payload_prefix, transition.on_type, transition.condition, transition.wording)
    return all(condition is None for condition in further)
