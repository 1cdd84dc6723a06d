"""What goes into the images: named parts of the program, and nothing of its history."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = sorted((ROOT / "deploy").rglob("*Dockerfile"))
HISTORY = (".git", ".git/config", ".github/workflows/ci.yml", ".gitignore")


def copied(dockerfile: Path) -> set[str]:
    """What an image takes from the folder it is built in; what it takes from an earlier stage was taken by that one."""
    lines = re.findall(r"^(?:COPY|ADD) (?!--from=)(.+)$", dockerfile.read_text(encoding="utf-8"), re.MULTILINE)
    return {source for line in lines for source in line.split()[:-1]}


def test_the_engine_is_sent_nothing_but_what_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = [rule[1:].rstrip("/") for rule in rules if rule.startswith("!")]
    assert [
        (rule, name) for rule in let_in for name in HISTORY if fnmatchcase(name, rule) or name.startswith(f"{rule}/")
    ] == []


@pytest.mark.parametrize("dockerfile", IMAGES, ids=[path.name for path in IMAGES])
def test_an_image_takes_named_parts_and_no_history(dockerfile: Path) -> None:
    taken = copied(dockerfile)
    assert taken != set()
    assert [source for source in taken if source.strip("./") == "" or "*" in source or source.startswith(".git")] == []
    assert [source for source in taken if (ROOT / source / ".git").exists()] == []
