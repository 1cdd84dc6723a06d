from __future__ import annotations

from typing import Any

import pytest

from flow_engine.expressions import compile_condition
from flow_engine.expressions.limits import MAX_ITEMS
from flow_engine.vocabulary import JSON
from tests.flow_engine.expressions.case_files import read_cases

TABLE = read_cases("conditions.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["cases"].items()])
def test_condition(case: dict[str, Any]) -> None:
    assert compile_condition(case["condition"]).test(TABLE["scope"]) is case["holds"]


def test_structures_too_deep_to_compare_count_as_different() -> None:
    deep: JSON = []
    for _ in range(5_000):
        deep = [deep]
    scope: dict[str, JSON] = {"data": {"a": deep, "b": deep}}

    assert compile_condition("data.a == data.b").test(scope) is False
    assert compile_condition("data.a in data.b").test(scope) is False


def test_structures_too_large_to_compare_count_as_different() -> None:
    large: list[JSON] = list(range(MAX_ITEMS))

    assert compile_condition("data.a == data.b").test({"data": {"a": large, "b": large}}) is False
    assert compile_condition("data.a == data.b").test({"data": {"a": large[:-1], "b": large[:-1]}}) is True


@pytest.mark.parametrize("root", [None, 5, "text", ["a"], True])
def test_a_root_that_is_no_object_has_nothing_in_it(root: JSON) -> None:
    for condition in ("data.a", "data.a.b", "data['a']", "data.a == 5"):
        assert compile_condition(condition).test({"data": root}) is False
