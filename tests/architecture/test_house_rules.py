"""Rules of the house that no linter knows: sizes, names of modules, and words that stay out."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bench", "connectors", "flow_engine", "platform_admin", "runtime")

LONGEST_MODULE = 300  # lines: what one sitting can hold in mind
LONGEST_FUNCTION = 40  # lines: what one screen shows
CATCH_ALL_NAMES = {"common", "helpers", "lib", "misc", "util", "utils"}

# Brackets keep these patterns from finding themselves.
WORDS_THAT_STAY_OUT = [
    pytest.param(r"pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]", id="hosts of package registries"),
    pytest.param(r"(?<![\w.])/(wor[k]|roo[t]|home/\w+)/", id="paths of one machine"),
    pytest.param(r"\b(TOD[O]|FIXM[E]|XX[X])\b", id="notes to oneself"),
    pytest.param(r"\b(Claud[e]|ChatGP[T]|co-authored-b[y])\b", id="signatures of tools"),
]


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def modules() -> list[Path]:
    return sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
    )


def functions(path: Path) -> list[tuple[str, int]]:
    """(name, lines from ``def`` to the end, its docstring not counted) of every function of a module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            docstring = node.body[0] if ast.get_docstring(node) else None
            if docstring is not None:
                lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
            found.append((node.name, lines))
    return found


def test_modules_are_short() -> None:
    """Those of tests and scripts as well; migrations alone are written by a program."""
    others = {path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts}
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in others.union(modules())}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_fit_on_a_screen() -> None:
    lengths = {f"{path.relative_to(ROOT)}:{name}": lines for path in modules() for name, lines in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_no_module_is_a_catch_all() -> None:
    names = {part.removesuffix(".py") for path in modules() for part in path.relative_to(ROOT).parts}
    assert names & CATCH_ALL_NAMES == set()


@pytest.mark.parametrize("pattern", WORDS_THAT_STAY_OUT)
def test_some_words_stay_out(pattern: str) -> None:
    found = []
    for path in tracked_files():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        found += [
            f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if re.search(pattern, line)
        ]
    assert found == []
