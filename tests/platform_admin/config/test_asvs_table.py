"""The table of docs/security.md names tests that are there, and every requirement of level 1."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (V[\d.]+) \| (.+?) \| (.+?) \| (.+?) \|$", TABLE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+|\*)`", TABLE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_that_is_named_is_there(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert "def test_" in source if name == "*" else f"def {name}(" in source


def test_every_row_names_a_test_or_says_why_not() -> None:
    assert [row[0] for row in ROWS if not row[3].startswith(("`tests/", "gap: ", "n/a"))] == []


def test_every_requirement_of_level_one_has_its_row(shared_data: Path) -> None:
    with (shared_data / "security" / "standards" / "ASVS_5.0.0_en.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = [row["req_id"] for row in csv.DictReader(file) if row["L"] == "1"]
    assert len(wanted) == 70
    assert sorted(row[0] for row in ROWS) == sorted(wanted)
