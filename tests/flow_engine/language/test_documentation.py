"""The page about the language says what is so: its example is clean, its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

from flow_engine.expressions.filters import FILTERS
from flow_engine.language import FlowDocument, read_flow
from flow_engine.language.actions import ACTIONS
from flow_engine.language.construct import Construct
from flow_engine.language.states import State
from flow_engine.language.transitions import Transition
from flow_engine.validation import RULES

PAGE = (Path(__file__).parents[3] / "docs" / "flow-language.md").read_text(encoding="utf-8")


def test_the_example_is_a_flow_with_nothing_against_it() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    reading = read_flow(example, file="flow-language.md")

    assert reading.diagnostics == ()
    assert reading.program is not None


def test_every_key_of_the_language_is_on_the_page() -> None:
    models: list[type[Construct]] = [FlowDocument, State, Transition, *ACTIONS.values()]
    keys = {key for model in models for key in model.model_fields} - {"action"}

    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
    assert {action for action in ACTIONS if f"| `{action}` |" not in PAGE} == set()


def test_every_filter_is_on_the_page() -> None:
    assert {name for name in FILTERS if not re.search(rf"`{name}[:`]", PAGE)} == set()


def test_every_rule_is_on_the_page_with_its_severity_and_reason() -> None:
    rows = re.findall(r"^\| `(F\d+)` \| (\w+) \| [^|]+ \| (.+) \|$", PAGE, re.MULTILINE)

    assert rows == [(rule.code, rule.severity.value, rule.reason) for rule in RULES]
