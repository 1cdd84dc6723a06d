"""The benchmark of a fleet judges itself before it reports a figure."""

from __future__ import annotations

import re

import pytest

from bench.fleet.simulation.pace import FellBehindError, require_pace

DUE = {"bundles+not modified": 4000.0, "reports": 4000.0, "long polls": 4800.0}


@pytest.mark.parametrize(
    "answered",
    [
        {"bundles": 3, "not modified": 3990, "reports": 4010, "long polls": 4790},
        {"not modified": 3500, "reports": 3500, "long polls": 4200},
    ],
    ids=["it kept its pace", "answers took a tenth of the time"],
)
def test_a_fleet_that_kept_its_pace_has_a_figure(answered: dict[str, int]) -> None:
    require_pace(answered, DUE)


def test_one_that_fell_behind_says_where_and_has_none() -> None:
    said = (
        "The simulated fleet fell behind its pace: 2003 bundles or not modified in place of 4000; "
        "0 long polls in place of 4800. "
    )
    with pytest.raises(FellBehindError, match=f"^{re.escape(said)}"):
        require_pace({"bundles": 3, "not modified": 2000, "reports": 4000}, DUE)
