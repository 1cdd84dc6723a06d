from __future__ import annotations

from typing import Any

import pytest

from flow_engine.expressions import ExpressionError, compile_condition, compile_template, compile_value
from flow_engine.expressions.limits import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_PLACEHOLDERS,
    MAX_SOURCE_CHARS,
    MAX_VALUE_DEPTH,
)
from flow_engine.vocabulary import JSON
from tests.flow_engine.expressions.case_files import read_cases

TABLE = read_cases("refused.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["templates"].items()])
def test_template_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_template(case["text"])

    assert (caught.value.column, caught.value.message) == (case["column"], case["message"])
    assert caught.value.hint == case.get("hint", "")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["conditions"].items()])
def test_condition_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(case["text"])

    assert (caught.value.column, caught.value.message) == (case["column"], case["message"])
    assert caught.value.hint == case.get("hint", "")


def test_the_largest_expression_compiles_and_one_part_more_does_not() -> None:
    terms = MAX_NODES // 2
    assert compile_template("{{ 1" + " + 1" * (terms - 1) + " }}").render({}) == terms

    with pytest.raises(ExpressionError, match="more than 200 parts"):
        compile_template("{{ 1" + " + 1" * terms + " }}")


@pytest.mark.parametrize("opening", ["(", "[", "not ", "-"])
def test_nesting_is_refused_beyond_its_bound(opening: str) -> None:
    with pytest.raises(ExpressionError, match=f"deeper than {MAX_DEPTH} levels"):
        compile_template("{{ " + opening * 3000)


def test_placeholders_are_refused_beyond_their_number() -> None:
    compile_template("{{ data.a }}" * MAX_PLACEHOLDERS)

    with pytest.raises(ExpressionError, match="more than 100 placeholders") as caught:
        compile_template("{{ data.a }}" * (MAX_PLACEHOLDERS + 1))

    assert caught.value.column == MAX_PLACEHOLDERS * len("{{ data.a }}") + 1


@pytest.mark.parametrize("compiler", [compile_template, compile_condition])
def test_a_text_is_refused_beyond_its_length(compiler: Any) -> None:
    with pytest.raises(ExpressionError, match=f"longer than {MAX_SOURCE_CHARS} characters"):
        compiler("1" * (MAX_SOURCE_CHARS + 1))


def test_a_value_is_refused_beyond_its_depth() -> None:
    value: JSON = "x"
    for _ in range(MAX_VALUE_DEPTH + 1):
        value = [value]

    with pytest.raises(ExpressionError, match=f"deeper than {MAX_VALUE_DEPTH} levels"):
        compile_value(value)
