"""The conversations that ship pass on every channel: same steps, same data, same effects, whatever the form.

A case is written against the development channel. Elsewhere the engine may say the same in another form, and only in
the ways that a channel's capabilities allow: what stood in descriptions stands in the text, what opens a list is not
there without lists, a template or a reaction is said in words. Everything else of a case holds as it is written: which
option is tapped, the state, data and effects.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flow_engine.cases import run_case
from flow_engine.cases.case import Case, CaseStep, ExpectedBubble
from flow_engine.cli.case_files import CaseFiles, find_cases
from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from runtime.channels.shown_as import PROFILES

ROOT = Path(__file__).parents[4]
CASES = tuple(find_cases((ROOT / "flows",)))
LIMITS = read_capabilities()


def through(case: Case, profile: str) -> Case:
    """The case as it may come out on a channel of this profile."""
    limits = LIMITS[profile]
    return replace(case, channel=profile, steps=tuple(_step(step, limits) for step in case.steps))


def _step(step: CaseStep, limits: Capabilities) -> CaseStep:
    return step if step.bot is None else replace(step, bot=tuple(_bubble(bubble, limits) for bubble in step.bot))


def _bubble(bubble: ExpectedBubble, limits: Capabilities) -> ExpectedBubble:
    if bubble.type == "template" and not limits.templates:
        return ExpectedBubble(bubble.place, options=bubble.options)
    if bubble.type == "reaction" and not limits.reactions:
        return replace(bubble, type=None, details={})
    if limits.max_rows > 0:
        return bubble
    details = {name: value for name, value in bubble.details.items() if name != "button"}  # what opens a list
    contains = bubble.contains if bubble.text is None else (*bubble.contains, bubble.text)
    return replace(bubble, text=None, contains=contains, details=details)


@pytest.mark.parametrize("profile", PROFILES.values())
def test_every_shipped_case_passes(profile: str) -> None:
    files = CaseFiles(None)
    failed = {}
    for path in CASES:
        loaded = files.load(path)
        result = run_case(through(loaded.case, profile), loaded.program)
        if not result.passed:
            failed[path.name] = result.mismatch
    assert failed == {}
    assert len(CASES) > 90
