"""Patterns run on RE2: none of the texts that bring backtracking engines down takes it long."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flow_engine.errors import ProgramError
from flow_engine.program import load_program
from flow_engine.program.pattern import MAX_TEXT_CHARS, PatternError, compile_pattern
from flow_engine.program.program import ProgramSettings
from tests.flow_engine.normalised import program, state, transition

ROOT = Path(__file__).parents[3]

REFUSED = [
    ("what needs to look back", r"(a)\1"),
    ("what needs to look ahead", "a(?=b)"),
    ("an open bracket", "(a"),
    ("what would need too much memory", "((a{100}){100}){10}"),
    ("a pattern of more than 256 characters", "a" * 257),
    ("half a surrogate pair", "\ud800"),
]


@pytest.mark.parametrize("pattern", [case[1] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_pattern_that_re2_does_not_take_is_refused_with_its_place(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)
    flow = program({"A": state(transitions=[transition("A", on_pattern=pattern)])})
    with pytest.raises(ProgramError, match=r"^states\.A\.transitions\.0\.on_pattern: "):
        load_program(flow, ProgramSettings())


def test_a_group_cannot_be_named_like_what_the_engine_computes() -> None:
    flow = program({"A": state(transitions=[transition("A", on_pattern="(?P<today>x)")])})
    with pytest.raises(ProgramError, match="today"):
        load_program(flow, ProgramSettings())


def test_the_corpus_of_catastrophic_patterns_is_harmless(shared_data: Path) -> None:
    corpus = shared_data / "security/regex/redos_regexlib.json"
    cases: list[dict[str, Any]] = json.loads(corpus.read_text(encoding="utf-8"))
    seen = Counter[str]()
    for case in cases:
        attack = (case["prefix"] + case["pump"] * min(case["times"], MAX_TEXT_CHARS) + case["suffix"])[:MAX_TEXT_CHARS]
        try:
            pattern = compile_pattern(case["pattern"])
        except PatternError:
            seen["refused"] += 1
            continue
        pattern.find(attack)
        seen["run"] += 1
    print("patterns:", dict(seen))  # noqa: T201  # the count is asked for
    assert seen.total() == len(cases) > 500
    assert seen["run"] > 150


def test_a_runtime_whose_flow_has_no_pattern_does_not_load_re2() -> None:
    code = """
import sys
from flow_engine import load_program, ProgramSettings
from tests.flow_engine.hairdresser import HAIRDRESSER
load_program(HAIRDRESSER, ProgramSettings())
assert not {"re2", "_re2", "absl"} & sys.modules.keys(), "re2 was loaded"
from flow_engine.program.pattern import compile_pattern
compile_pattern("x")
assert "re2" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
