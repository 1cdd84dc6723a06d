"""Every shipped flow is clean, and its cases pass and walk all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_engine.cli.main import main

FLOWS = Path(__file__).parents[2] / "flows"
BUSINESSES = {
    "clinica": FLOWS / "clinica" / "flow.yaml",
    "hairdresser": FLOWS / "hairdresser" / "flow.yaml",
    "peluqueria": FLOWS / "peluqueria_flow.yaml",
    "restaurant": FLOWS / "restaurant" / "flow.yaml",
    "restaurante": FLOWS / "restaurante" / "flow.yaml",
}
FEWEST_CASES = 15


@pytest.mark.parametrize("business", BUSINESSES)
def test_a_shipped_flow_has_no_fault_and_no_warning(business: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--strict", str(BUSINESSES[business])]) == 0

    assert capsys.readouterr().err.splitlines()[-1].endswith(": 0 errors, 0 warnings")


@pytest.mark.parametrize("business", BUSINESSES)
def test_the_cases_of_a_shipped_flow_pass_and_walk_every_state(
    business: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = FLOWS / business / "cases"

    status = main(["test", str(cases), "--coverage", "--fail-states", "100", "--fail-transitions", "95"])

    assert status == 0, capsys.readouterr().out
    assert len(list(cases.glob("*.yaml"))) >= FEWEST_CASES


def test_every_business_is_listed_here() -> None:
    assert {folder.name for folder in FLOWS.iterdir() if folder.is_dir()} == set(BUSINESSES)
