"""Every finding of the checker is told in a person's words, in both languages, and what is offered really mends it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.utils.translation import override

from flow_engine.diagnostics import Diagnostic
from flow_engine.language import read_flow
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.validation import RULES, Rule
from flow_engine.validation.approved_templates import read_templates
from flow_engine.validation.surroundings import Surroundings, surroundings
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing import apply, read_edit
from platform_admin.authoring.problems import tell
from platform_admin.authoring.problems.fix import CHOSEN_STEP
from platform_admin.authoring.problems.text_fixes import shortened
from platform_admin.authoring.problems.words import WORDS

DOCUMENTED: Final = frozenset(
    re.findall(
        r"F\d{3}",
        "\n".join(
            line
            for line in (Path(__file__).parents[4] / "docs" / "flow-rules.md").read_text(encoding="utf-8").splitlines()
            if line.startswith("|")
        ),
    )
)
FORBIDDEN: Final = re.compile(
    r"\b(states?|transitions?|fallback|payload|target|on_\w+|\w+_\w+|data\.|json|flow|expression|key)\b|[{}]",
    re.IGNORECASE,
)
"""Words of the language and not of a business."""

APPROVED: Final = read_templates('[{"name": "see_you_soon", "language": "en", "parameters": 1}]')

BROKEN_SHAPES: Final = [
    (
        "F020",
        "id: a\ninitial_state: A\nstates:\n  A:\n    on_entr: 1\n    on_enter:\n      - {action: send_text, text: a}\n",
    ),
    ("F021", "id: a\ninitial_state: A\nstates:\n  A:\n    on_enter:\n      - {action: send_text}\n"),
    ("F022", "id: a\ninitial_state: A\nstates:\n  A:\n    on_enter:\n      - {action: send_text, text: 12}\n"),
    ("F023", "id: a\ninitial_state: A\nstates:\n  A:\n    on_enter:\n      - {action: send_txt, text: hi}\n"),
    ("F024", 'id: a\ninitial_state: A\nstates:\n  A:\n    on_enter:\n      - {action: send_text, text: ""}\n'),
    ("F007", "id: a\nid: b\n"),
    ("F003", "states: [\n"),
]


def around(code: str) -> Surroundings:
    return surroundings(templates=APPROVED if code == "F151" else None)


def found(text: str, code: str) -> list[Diagnostic]:
    reading = read_flow(text, file="flow.yaml", surroundings=around(code))
    return [finding for finding in reading.diagnostics if finding.code == code]


def told(text: str, code: str) -> list[dict[str, Any]]:
    problems: list[Any] = tell(found(text, code), read_yaml(text).value)
    return problems


def chosen(value: JSON, step: str) -> JSON:
    written = json.dumps(value).replace(json.dumps(CHOSEN_STEP), json.dumps(step))
    again: JSON = json.loads(written)
    return again


def test_every_documented_code_has_its_words() -> None:
    assert WORDS.keys() == DOCUMENTED


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_words_are_those_of_a_business_in_both_languages(code: str) -> None:
    with override("en"):
        english = str(WORDS[code])
    with override("es"):
        spanish = str(WORDS[code])
    blank = re.compile(r"\{(\w+)\}")
    assert sorted(blank.findall(english)) == sorted(blank.findall(spanish))
    assert english != spanish
    assert FORBIDDEN.search(blank.sub("", english)) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code} {rule.name}")
def test_an_example_is_told_without_holes_and_with_its_place(rule: Rule) -> None:
    problems = told(rule.wrong, rule.code)
    assert problems
    for problem in problems:
        assert FORBIDDEN.search(re.sub("“[^”]*”", "", problem["words"])) is None
        assert "“”" not in problem["words"]
        assert "  " not in problem["words"]
        assert problem["line"] > 1
        assert json.loads(problem["path"])


@pytest.mark.parametrize(("code", "text"), BROKEN_SHAPES, ids=[code for code, _ in BROKEN_SHAPES])
def test_a_text_of_the_wrong_shape_is_told_too(code: str, text: str) -> None:
    problem, *_ = told(text, code)
    assert "“”" not in problem["words"]
    assert FORBIDDEN.search(re.sub("“[^”]*”", "", problem["words"])) is None


WITH_FIXES = [
    pytest.param(code, text, place, id=f"{code} {problem['fixes'][place]['label']}")
    for code, text in [*((rule.code, rule.wrong) for rule in RULES), *BROKEN_SHAPES]
    for problem in told(text, code)[:1]
    for place in range(len(problem["fixes"]))
    if problem["fixes"][place]["edits"]
]


@pytest.mark.parametrize(("code", "text", "place"), WITH_FIXES)
def test_a_fix_removes_its_problem_and_breaks_nothing(code: str, text: str, place: int) -> None:
    before = read_flow(text, file="flow.yaml", surroundings=around(code))
    document: Any = read_yaml(text).value
    start = document["initial_state"]
    others = [name for name in document["states"] if name != told(text, code)[0]["step"]]
    mended = text
    for edit in chosen(told(text, code)[0]["fixes"][place]["edits"], others[0] if others else start):  # type: ignore[union-attr] # a list
        mended = apply(mended, read_edit(edit))
    after = read_flow(mended, file="flow.yaml", surroundings=around(code))
    assert len(found(mended, code)) < len(found(text, code))
    errors = [str(finding) for finding in after.diagnostics if finding.severity == "error"]
    assert len(errors) <= len([finding for finding in before.diagnostics if finding.severity == "error"])
    if code != "F101":
        assert errors == []


def test_most_problems_can_be_mended_at_one_press() -> None:
    mended = {parameter.values[0] for parameter in WITH_FIXES}
    assert len(mended) >= 40


SHORT = [
    ("Book an appointment today", 20, "Book an appointment"),
    ("Fits", 20, "Fits"),
    ("Donaudampfschifffahrtsgesellschaft", 20, "Donaudampfschifffah…"),
    ("one  two   three", 8, "one two"),
]


@pytest.mark.parametrize(("text", "most", "short"), SHORT)
def test_a_text_is_shortened_by_whole_words(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
    assert len(short) <= most
