"""``Recheck``: ``check`` for a document that is being typed, which is mostly the document that was checked just before.

Most rules never look at what a text says, only at where it leads, what it fills in and whether it is there at all. What
they find depends on the document's ``frame``: the document with the wording of its steps left out. While the frame is
the same, so is what they found. The rules that do read wording look at one step at a time, and a step that has not
changed is not looked at again. A step that is the very object of last time is not even read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from flow_engine.validation.check import check, findings_of
from flow_engine.validation.finding import Finding
from flow_engine.validation.frame import frame_of, names_of
from flow_engine.validation.languages import languages_of
from flow_engine.validation.limits import MAX_FAULTS_PER_RULE
from flow_engine.validation.outline import read_outline
from flow_engine.validation.rule import Rule
from flow_engine.validation.rules import RULES
from flow_engine.validation.surroundings import Surroundings
from flow_engine.validation.texts import localised_texts
from flow_engine.vocabulary import JSON, JSONObject

READ_ONE_STEP: Final = frozenset({"F103", "F123", "F136", "F155"})
"""Rules that read wording, and whose finding in a step depends on that step and on what is outside of all steps."""

READ_EVERY_STEP: Final = frozenset({"F133"})
"""Rules that read wording and compare steps."""

_KEPT_FRAMES: Final = 8
"""Frames whose findings are kept: there and back again of the last few changes that were more than wording."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What is known of a step that reads like this: its frame as text, and what is wrong with its wording.

    ``localised``: a text of it is written once for each language.
    """

    written: str
    frame: str
    localised: bool
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Recheck:
    """Checks documents that follow each other, all against the same ``surroundings``. ``check`` never raises.

    What it answers is what ``validation.check`` would; only how long that takes depends on what was asked before.
    Nobody may change a document after it was checked: what follows is compared with its parts.
    """

    surroundings: Surroundings | None = None
    _around: str = ""
    _outside: tuple[Finding, ...] = ()
    _seen: Mapping[str, tuple[JSON, _Step]] = field(default_factory=dict)
    _steps: Mapping[str, _Step] = field(default_factory=dict)
    _frames: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def check(self, document: JSON) -> tuple[Finding, ...]:
        if not isinstance(document, dict) or not isinstance(document.get("states"), dict):
            return check(document, self.surroundings)
        rest: JSONObject = {key: value for key, value in document.items() if key != "states"}
        around = json.dumps([rest, names_of(document)])
        if around != self._around:
            outside = self._found({**rest, "states": {}}, _one_step)
            self._around, self._outside, self._seen, self._steps = around, outside, {}, {}
        now = {name: self._step(document, name, state) for name, state in _states(document)}
        self._seen = {name: (state, now[name]) for name, state in _states(document)}
        self._steps = {step.written: step for step in now.values()}
        wording = (
            *(finding for step in now.values() for finding in step.findings),
            *self._outside,
            *self._found(self._compared(document, rest, now), _every_step),
        )
        return (*self._of_frame(document, around, now), *_at_most(wording))

    def _compared(self, document: JSONObject, rest: JSONObject, now: Mapping[str, _Step]) -> JSONObject:
        """What the comparing rules look at: one language is compared only where a text says which it is in."""
        if len(languages_of(read_outline(rest, self.surroundings))) > 1:
            return document
        return {**rest, "states": {name: state for name, state in _states(document) if now[name].localised}}

    def _step(self, document: JSONObject, name: str, state: JSON) -> _Step:
        seen = self._seen.get(name)
        if seen is not None and seen[0] is state:
            return seen[1]
        written = _written(name, state)
        return self._steps.get(written) or self._look(document, name, written)

    def _look(self, document: JSONObject, name: str, written: str) -> _Step:
        states = document["states"]
        state = states[name] if isinstance(states, dict) else None
        alone: JSONObject = {key: value for key, value in document.items() if key not in ("tasks", "flows")}
        found = self._found({**alone, "states": {name: state}}, _one_step)
        only = read_outline({"states": {name: state}}, self.surroundings)
        frame = _written(name, frame_of(state, names_of(document)))
        return _Step(written, frame, any(True for _ in localised_texts(only)), found)

    def _of_frame(self, document: JSON, around: str, steps: Mapping[str, _Step]) -> tuple[Finding, ...]:
        frame = "\n".join((around, *(step.frame for step in steps.values())))
        found = self._frames.pop(frame, None)
        if found is None:
            found = self._found(document, _frame_only)
        self._frames = dict([*islice(self._frames.items(), max(len(self._frames) - _KEPT_FRAMES + 1, 0), None)])
        self._frames[frame] = found
        return found

    def _found(self, document: JSON, which: Callable[[Rule], bool]) -> tuple[Finding, ...]:
        outline = read_outline(document, self.surroundings)
        return tuple(finding for rule in RULES if which(rule) for finding in findings_of(rule, outline))


def _one_step(rule: Rule) -> bool:
    return rule.code in READ_ONE_STEP


def _every_step(rule: Rule) -> bool:
    return rule.code in READ_EVERY_STEP


def _frame_only(rule: Rule) -> bool:
    return rule.code not in READ_ONE_STEP | READ_EVERY_STEP


def _states(document: JSONObject) -> Iterator[tuple[str, JSON]]:
    states = document["states"]
    yield from states.items() if isinstance(states, dict) else ()


def _written(name: str, state: JSON) -> str:
    return f"{json.dumps(name)}: {json.dumps(state)}"


def _at_most(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    told: dict[str, int] = {}
    for finding in findings:
        told[finding.code] = told.get(finding.code, 0) + 1
        if told[finding.code] <= MAX_FAULTS_PER_RULE:
            yield finding
