"""The README names every verb that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = README[README.index("Operators use `manage.py`") : README.index("| environment of the control plane")]


def test_it_lists_every_command_of_manage_py_once() -> None:
    listed = [
        name for row in re.findall(r"^\| (`.*?) \|", COMMANDS, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    shipped = sorted(
        file.stem
        for file in ROOT.glob("platform_admin/**/management/commands/*.py")
        if file.stem != "__init__" and not file.stem.startswith("_")
    )
    assert sorted(listed) == shipped


def test_every_make_verb_it_names_exists() -> None:
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )?make ([a-z0-9-]+)", README)) | set(
        re.findall(r"^(?:[A-Z_]+=\S+ )?make ([a-z0-9-]+)", README, re.MULTILINE)
    )
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named - targets == set()


def test_every_page_it_links_to_is_there() -> None:
    pages = [page.partition("#")[0] for page in re.findall(r"\]\((?!https?:)([^)]+)\)", README)]
    assert len(pages) > 10
    assert [page for page in pages if not (ROOT / page).exists()] == []
