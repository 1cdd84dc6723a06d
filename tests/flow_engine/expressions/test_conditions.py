from __future__ import annotations

from typing import Any

import pytest

from flow_engine.expressions import compile_condition
from tests.flow_engine.expressions.case_files import read_cases

TABLE = read_cases("conditions.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["cases"].items()])
def test_condition(case: dict[str, Any]) -> None:
    assert compile_condition(case["condition"]).test(TABLE["scope"]) is case["holds"]
