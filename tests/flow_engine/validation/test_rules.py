"""Every rule fires on its wrong example at the line marked there, and is silent on its right one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from flow_engine.diagnostics import Severity
from flow_engine.language import read_flow
from flow_engine.validation import RULES, Rule, check
from flow_engine.validation.approved_templates import read_templates
from flow_engine.validation.limits import MAX_FAULTS_PER_RULE, MAX_GUESSED_NAMES
from flow_engine.validation.outline import read_outline
from flow_engine.validation.rule import Fault
from flow_engine.validation.surroundings import Surroundings, surroundings
from flow_engine.vocabulary import JSON

MARK = "# here"
PARAMETERS = [pytest.param(rule, id=rule.name) for rule in RULES]


EVERYTHING = (Path(__file__).parent / "every_construct.yaml").read_text(encoding="utf-8")
NEED_TEMPLATES = {"F151"}
"""Rules that say something only where the approved templates are known."""


def around(rule: Rule) -> Surroundings:
    approved = read_templates('[{"name": "see_you_soon", "language": "en", "parameters": 1}]')
    return surroundings(templates=approved if rule.code in NEED_TEMPLATES else None)


def marked_line(document: str) -> int:
    return next(number for number, line in enumerate(document.splitlines(), 1) if line.endswith(MARK))


@pytest.mark.parametrize("rule", PARAMETERS)
def test_the_wrong_example_is_told_at_its_line(rule: Rule) -> None:
    reading = read_flow(rule.wrong, file="wrong.yaml", surroundings=around(rule))

    told = [(diagnostic.code, diagnostic.severity, diagnostic.line) for diagnostic in reading.diagnostics]
    assert told == [(rule.code, rule.severity, marked_line(rule.wrong))]
    assert reading.ok is (rule.severity is not Severity.ERROR)


@pytest.mark.parametrize("rule", PARAMETERS)
def test_nothing_is_said_of_the_right_example(rule: Rule) -> None:
    assert read_flow(rule.right, file="right.yaml", surroundings=around(rule)).diagnostics == ()


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]

    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", PARAMETERS)
def test_a_rule_gives_its_reason_as_a_sentence(rule: Rule) -> None:
    assert rule.reason.endswith(".")
    assert rule.reason[0].isupper()


@pytest.mark.parametrize(
    "document",
    [None, [], "text", 7, {}, {"states": []}, {"states": {"A": None}}, {"states": {"A": {"on_enter": [None, 5, []]}}}],
)
def test_rules_bear_any_document(document: JSON) -> None:
    assert isinstance(check(document), tuple)


@pytest.mark.parametrize("rule", PARAMETERS)
def test_a_rule_bears_its_examples_with_one_value_broken(rule: Rule) -> None:
    for text in (rule.wrong, rule.right):
        for broken in breakages(yaml.safe_load(text)):
            assert all(isinstance(fault, Fault) for fault in rule.find(read_outline(broken)))


def test_all_rules_bear_a_document_of_every_construct_with_one_value_broken() -> None:
    for broken in breakages(yaml.safe_load(EVERYTHING))[::4]:  # a quarter of 4,000, spread over all of it
        assert isinstance(check(broken), tuple)


def breakages(value: JSON) -> list[JSON]:
    """``value`` once for each of its nodes, with that node replaced by something of another kind."""
    replacements: list[JSON] = [None, 5, "x", [], {}, [None], {"x": None}]
    if isinstance(value, dict):
        inner: list[JSON] = [{**value, key: broken} for key, member in value.items() for broken in breakages(member)]
        return replacements + inner
    if isinstance(value, list):
        inner_lists: list[JSON] = [
            [*value[:index], broken, *value[index + 1 :]]
            for index, item in enumerate(value)
            for broken in breakages(item)
        ]
        return replacements + inner_lists
    return replacements


def test_a_rule_tells_only_so_many_faults() -> None:
    document: JSON = {"states": {f"S{number}": {"fallback": "NOWHERE"} for number in range(MAX_FAULTS_PER_RULE + 1)}}

    found = [finding.path for finding in check(document) if finding.code == "F101"]

    assert len(found) == MAX_FAULTS_PER_RULE


@pytest.mark.parametrize(
    ("names", "hint"), [(MAX_GUESSED_NAMES, "Did you mean 'STATE_7'?"), (MAX_GUESSED_NAMES + 1, "")]
)
def test_a_name_is_guessed_among_not_too_many(names: int, hint: str) -> None:
    states: dict[str, JSON] = {f"STATE_{number}": {} for number in range(names)}
    states["STATE_0"] = {"fallback": "STATE-7"}

    (finding,) = [finding for finding in check({"states": states}) if finding.code == "F101"]

    assert finding.hint == hint


def test_a_document_of_every_construct_has_nothing_against_it() -> None:
    assert read_flow(EVERYTHING, file="every_construct.yaml").diagnostics == ()


def go_to(*targets: str) -> list[JSON]:
    return [{"action": "go_to", "target": target} for target in targets]


MANY = 3000
LARGE: dict[str, dict[str, JSON]] = {
    "a long line of jumps": {f"S{n}": {"on_enter": go_to(f"S{n + 1}")} for n in range(MANY)},
    "a ring of jumps": {f"S{n}": {"on_enter": go_to(f"S{(n + 1) % MANY}")} for n in range(MANY)},
    "jumps to everything that follows": {
        f"S{n}": {"on_enter": go_to(*(f"S{after}" for after in range(n + 1, min(n + 40, 400))))} for n in range(400)
    },
    "many labels and many keywords": {
        "S0": {
            "on_enter": [
                {
                    "action": "send_interactive_list",
                    "sections": [{"rows": [{"id": f"r{n}", "title": f"Title {n}"} for n in range(MANY)]}],
                }
            ],
            "transitions": [{"on_text": [f"w{n} {m}" for m in range(50)], "target": "S0"} for n in range(200)],
        }
    },
    "many names on many ways": {
        f"S{n}": {
            "transitions": [
                {"on_payload": str(m), "set_data": {f"n{n}_{m}": 1}, "target": f"S{(n * 3 + m * 7) % 200}"}
                for m in range(40)
            ]
        }
        for n in range(200)
    },
}
"""Documents on which looking from every state to every other would take minutes."""


@pytest.mark.parametrize("name", LARGE)
def test_a_large_document_is_checked_to_its_end(name: str) -> None:
    found = check({"id": "large", "initial_state": "S0", "states": LARGE[name]})

    endless = [finding for finding in found if finding.code == "F130"]
    assert len(endless) == (MAX_FAULTS_PER_RULE if name == "a ring of jumps" else 0)
