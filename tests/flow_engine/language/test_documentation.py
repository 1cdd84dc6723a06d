"""The reference is what the code makes of it, and what it shows is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from flow_engine.cli.docs import pages
from flow_engine.cli.main import main
from flow_engine.expressions.filters import FILTERS
from flow_engine.language import FlowDocument, read_flow
from flow_engine.language.actions import ACTIONS
from flow_engine.language.construct import Construct
from flow_engine.language.states import State
from flow_engine.language.transitions import Transition
from flow_engine.validation import RULES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "flow-language.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FLOWS = [block for block in BLOCKS if block.startswith("id:")]
CASES = [block for block in BLOCKS if block.startswith("description:")]


@pytest.mark.parametrize("name", ["flow-language.md", "flow-rules.md", "flow.schema.json"])
def test_the_committed_reference_is_what_the_code_makes_now(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: python -m flow_engine docs"


@pytest.mark.parametrize("flow", [pytest.param(flow, id=flow.split()[1]) for flow in FLOWS])
def test_a_flow_on_the_page_has_nothing_against_it(flow: str) -> None:
    reading = read_flow(flow, file="flow-language.md")

    assert reading.diagnostics == ()
    assert reading.program is not None


@pytest.mark.parametrize("case", [pytest.param(case, id=case.partition("\n")[0]) for case in CASES])
def test_a_case_on_the_page_passes(tmp_path: Path, case: str) -> None:
    assert run(tmp_path, FLOWS[1], case) == 0


def test_the_recipes_do_what_the_page_says(tmp_path: Path) -> None:
    (flow,) = (flow for flow in FLOWS if flow.startswith("id: pizza_order"))

    assert run(tmp_path, flow, (Path(__file__).parent / "recipes_case.yaml").read_text(encoding="utf-8")) == 0


def run(folder: Path, flow: str, case: str) -> int:
    """The exit status of ``test`` for one case of a flow."""
    (folder / "cases").mkdir()
    (folder / "cases" / "case.yaml").write_text(case, encoding="utf-8")
    (folder / "flow.yaml").write_text(flow, encoding="utf-8")
    return main(["test", str(folder)])


@pytest.mark.parametrize("name", ACTIONS)
def test_the_example_of_an_action_is_one(name: str) -> None:
    section = PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    (example, *_) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)

    for action in yaml.safe_load(example):
        assert isinstance(TypeAdapter(ACTIONS[name]).validate_python(action), ACTIONS[name])


def test_every_key_of_the_language_is_on_the_page() -> None:
    models: list[type[Construct]] = [FlowDocument, State, Transition, *ACTIONS.values()]
    keys = {field.alias or key for model in models for key, field in model.model_fields.items()} - {"action"}

    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_every_construct_says_what_it_is_for() -> None:
    assert {name for name, model in ACTIONS.items() if len((model.__doc__ or "").split()) < 4} == set()
    assert "[[" not in PAGE
    assert "|  | needed |" not in PAGE


def test_every_filter_is_on_the_page() -> None:
    assert {name for name in FILTERS if not re.search(rf"`{name}`", PAGE)} == set()


def test_every_rule_is_on_its_page_with_severity_reason_and_both_examples() -> None:
    page = (DOCS / "flow-rules.md").read_text(encoding="utf-8")

    for rule in RULES:
        section = page.partition(f"### {rule.code} {rule.name}\n")[2].partition("\n### ")[0]
        assert section.strip().startswith(rule.severity.value.capitalize())
        assert rule.reason in section
        assert f"```yaml\n{rule.wrong}```" in section
        assert f"```yaml\n{rule.right}```" in section
