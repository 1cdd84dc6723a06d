"""``try_all``: every test of a draft, played on it, and how much of the conversation they walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from flow_engine.cases import CaseFile, CaseResult, assemble, program_settings, run_case
from flow_engine.cases.coverage import measure
from flow_engine.cases.reading import read_case
from flow_engine.errors import ProgramError
from flow_engine.program import load_program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.editing.source import read_source
from platform_admin.authoring.trying.comparison import Comparison, compare

CASES_FOLDER: Final = "cases"


@dataclass(frozen=True, slots=True)
class TriedCase:
    """One test. ``result`` is ``None`` when it could not be played; ``reason`` says why then."""

    name: str
    description: str
    result: CaseResult | None
    reason: str = ""

    @property
    def passed(self) -> bool:
        return self.result is not None and self.result.passed

    @property
    def comparison(self) -> Comparison | None:
        """Both sides, where it goes differently."""
        return compare(self.result) if self.result is not None else None


@dataclass(frozen=True, slots=True)
class Board:
    """``untested`` are the steps no test enters; ``states`` how many there are in all."""

    cases: tuple[TriedCase, ...]
    untested: tuple[str, ...]
    states: int

    @property
    def passed(self) -> int:
        return sum(case.passed for case in self.cases)


def try_all(text: str, program: JSONObject, texts: Mapping[str, str], defaults: Mapping[str, JSON]) -> Board:
    """Play every test of ``texts`` (name → YAML) on ``program``, which was read from ``text``.

    ``defaults`` are the tenant's own settings in the form of a case's ``settings``.
    """
    read = {name: read_case(content, file=name) for name, content in texts.items()}
    files = {name: reading.case for name, reading in read.items() if reading.case is not None}
    locations = read_source(text).locations
    coverage = measure("flow.yaml", program, locations)
    tried: list[TriedCase] = []
    for name, reading in read.items():
        if "/" in name:
            continue  # a piece that others use
        if reading.case is None:
            tried.append(TriedCase(name, name, None, str(reading.diagnostics[0])))
            continue
        case = _try(name, reading.case, files, program, defaults)
        if case.result is not None:
            coverage.add(case.result.trace)
        tried.append(case)
    untested = tuple(state for state in coverage.states if state not in coverage.states_seen)
    return Board(tuple(sorted(tried, key=lambda case: case.passed)), untested, len(coverage.states))


def _try(
    name: str, case: CaseFile, files: Mapping[str, CaseFile], program: JSONObject, defaults: Mapping[str, JSON]
) -> TriedCase:
    description = case.description or name
    pieces = [files.get(str(PurePosixPath(used))) for used in case.use]
    if any(piece is None for piece in pieces):
        return TriedCase(name, description, None, f"It uses {', '.join(case.use)}, and not all of it is there.")
    whole = assemble(case, [piece for piece in pieces if piece is not None], defaults)
    try:
        loaded = load_program(program, program_settings(whole.settings))
    except ProgramError as error:
        return TriedCase(name, description, None, str(error))
    return TriedCase(name, description, run_case(whole, loaded))
