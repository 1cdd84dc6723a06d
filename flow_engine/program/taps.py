from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flow_engine.program.transition import Transition
from flow_engine.trace import Verdict

type Tap = tuple[Transition | None, tuple[Verdict, ...]]
"""The transition that is taken, if any, with the verdicts up to it."""


@dataclass(frozen=True, slots=True)
class Taps:
    """A list of transitions as somebody meets it who tapped and wrote nothing: answered without a search.

    ``known`` is by payload what a tap on it leads to; ``None`` where the first transition of that payload has a further
    condition, so that it has to be tried. ``others`` is what a tap on any other payload leads to, which is nothing.
    """

    known: Mapping[str, Tap | None]
    others: Tap


def read_taps(transitions: Sequence[Transition]) -> Taps | None:
    """``None`` for a list whose answer depends on more than the payload, and for an empty one."""
    known: dict[str, Tap | None] = {}
    others: list[Verdict] = []
    for transition in transitions:
        verdict = _verdict_on_others(transition)
        if verdict is None:
            return None
        payload = transition.on_payload
        if payload is not None and payload not in known:
            known[payload] = (transition, _same(*others, Verdict.MATCHED)) if _is_bare(transition) else None
        others.append(verdict)
    return Taps(known, (None, _same(*others))) if others else None


@lru_cache(maxsize=1024)  # the same few in all states of a flow, so they stay in the processor's cache
def _same(*verdicts: Verdict) -> tuple[Verdict, ...]:
    return verdicts


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
