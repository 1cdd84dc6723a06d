"""What the examples of the rules do not show: the edges on which a rule must stay silent or speak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from flow_engine.validation import check
from flow_engine.validation.cron import explain_cron

CASES = yaml.safe_load((Path(__file__).parent / "rule_details.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_rule_detail(case: dict[str, Any]) -> None:
    findings = check(case["document"])

    said = [f"{finding.code} {'/'.join(map(str, finding.path))}" for finding in findings]
    assert [line for line in said if line[:4] in case["codes"]] == case["says"]


@pytest.mark.parametrize(
    "cron", ["* * * * *", "0 9 * * mon", "*/15 8-20 1,15 jan-mar 1-5", "59 23 31 12 7", "0 0 * * SUN", "5-10/2 * * * *"]
)
def test_a_cron_expression_is_understood(cron: str) -> None:
    assert explain_cron(cron) == ""


@pytest.mark.parametrize(
    ("cron", "part"),
    [
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("60 * * * *", "minute '60'"),
        ("* 24 * * *", "hour '24'"),
        ("* * 0 * *", "day '0'"),
        ("* * * 13 *", "month '13'"),
        ("* * * * 8", "weekday '8'"),
        ("* * * mon *", "month 'mon'"),
        ("9-5 * * * *", "minute '9-5'"),
        ("*/0 * * * *", "minute '*/0'"),
        ("1,,2 * * * *", "minute '1,,2'"),
        ("@daily", "five fields"),
        ("* " * 500, "five fields"),
    ],
)
def test_a_cron_expression_is_explained(cron: str, part: str) -> None:
    assert part in explain_cron(cron)
