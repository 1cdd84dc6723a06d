"""A benchmark that fails keeps what it had measured, and still fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from bench.__main__ import measure
from bench.figure import Figure, figure


def one_then_failure() -> Iterator[Figure]:
    sys.stdout.write("talk of the area\n")
    yield figure("made_up.first", [1.0], unit="s", against="nothing")
    raise SystemExit("the rest cannot be measured")


def test_figures_come_one_by_one_and_before_the_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    area = ModuleType("bench.made_up.figures")
    monkeypatch.setattr(area, "main", one_then_failure, raising=False)
    monkeypatch.setitem(sys.modules, area.__name__, area)
    monkeypatch.setitem(sys.modules, "bench.made_up", ModuleType("bench.made_up"))
    figures = measure("made_up")
    assert next(figures).name == "made_up.first"
    sys.stdout.write("said by whoever asked\n")
    with pytest.raises(SystemExit, match="the rest cannot be measured"):
        next(figures)
    assert capsys.readouterr() == ("said by whoever asked\n", "talk of the area\n")
