"""Components: each is locked by its content, and SECURITY.md says how long a known hole in one may stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", LOCKED, ids=[path.name for path in LOCKED])
def test_every_component_is_locked_to_one_version_and_its_content(path: Path) -> None:
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if not re.match(r"[\w.\[\],-]+==\S+", entry)] == []
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_the_times_within_which_holes_are_mended_are_written_down() -> None:
    section = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("## Components")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (critical|high|medium|low) \| (\d+) days \|", section, re.MULTILINE) == [
        ("critical", "7"),
        ("high", "30"),
        ("medium", "90"),
        ("low", "180"),
    ]
    assert "make requirements" in section
