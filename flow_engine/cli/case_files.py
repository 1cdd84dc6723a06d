"""Finds and reads the files that ``test`` needs: cases, the pieces they use, their flows and the flows' settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.cases import Case, CaseFile, assemble, program_settings, read_case_bytes
from flow_engine.cases.coverage import FlowCoverage, measure
from flow_engine.cli.flow_files import FlowFileError, LoadedFlow, read_flow_file
from flow_engine.errors import ProgramError
from flow_engine.program import Program, load_program
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSONObject

CASES_FOLDER: Final = "cases"


class CaseFileError(Exception):
    """A case cannot be run; the argument is every reason, a line each."""


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """``document`` is the normalised program that ``program`` was made of."""

    case: Case
    program: Program
    flow: Path
    document: JSONObject


def find_cases(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are named; of folders every ``cases/*.yaml`` below them, in the order of their names."""
    for path in paths:
        if path.is_dir():
            below = (file for file in path.rglob("*.yaml") if file.parent.name == CASES_FOLDER)
            yield from sorted(below)
        else:
            yield path


class CaseFiles:
    """Reads every file once. Flows are checked against ``surroundings``."""

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        self.surroundings = surroundings
        self._flows: dict[Path, LoadedFlow] = {}
        self._programs: dict[tuple[Path, str], Program] = {}
        self._read: dict[Path, CaseFile] = {}
        self.coverage: dict[Path, FlowCoverage] = {}

    def load(self, path: Path) -> LoadedCase:
        """Raises ``CaseFileError``."""
        written = self._read_case(path)
        if not written.steps and not written.use:
            raise CaseFileError(f"{path}:1:1 T002 The case has no steps. Add 'steps:'.")
        pieces = [self._read_case(path.parent / name) for name in written.use]
        named = next((CaseFile(piece.file, flow=piece.flow) for piece in (written, *pieces) if piece.flow), None)
        flow_path = _default_flow(path) if named is None else Path(named.file).parent / str(named.flow)
        flow = self._flow(path, flow_path.resolve())
        case = assemble(written, pieces, flow.defaults)
        program = self._program(path, flow, case.settings)
        if case.channel not in program.capabilities:
            raise CaseFileError(unknown_channel(str(path), case.channel, program))
        return LoadedCase(case, program, flow.path, flow.program)

    def _read_case(self, path: Path) -> CaseFile:
        if path not in self._read:
            try:
                reading = read_case_bytes(path.read_bytes(), file=str(path))
            except OSError as error:
                raise CaseFileError(f"{path}: cannot be read: {error.strerror}. Check the name.") from error
            if reading.case is None:
                raise CaseFileError("\n".join(map(str, reading.diagnostics)))
            self._read[path] = reading.case
        return self._read[path]

    def _flow(self, case: Path, path: Path) -> LoadedFlow:
        if path not in self._flows:
            try:
                self._flows[path] = read_flow_file(path, self.surroundings)
            except FlowFileError as error:
                raise CaseFileError(f"{case}: its flow cannot be used:\n{error}") from error
            flow = self._flows[path]
            self.coverage[path] = measure(flow.name, flow.document, flow.locations)
        return self._flows[path]

    def _program(self, case: Path, flow: LoadedFlow, settings: JSONObject) -> Program:
        key = (flow.path, json.dumps(settings, sort_keys=True))
        if key not in self._programs:
            try:
                self._programs[key] = load_program(flow.program, program_settings(settings))
            except ProgramError as error:
                raise CaseFileError(f"{case}: its flow cannot be loaded: {error}") from error
        return self._programs[key]


def unknown_channel(where: str, channel: str, program: Program) -> str:
    return f"{where}: there is no channel '{channel}'. Known are {', '.join(sorted(program.capabilities))}."


def _default_flow(case: Path) -> Path:
    """The flow of the folder above ``cases``: its ``flow.yaml``, or ``<folder>_flow.yaml`` beside the folder."""
    folder = case.resolve().parent.parent
    candidates = (folder / "flow.yaml", folder.parent / f"{folder.name}_flow.yaml")
    for candidate in candidates:
        if candidate.exists():
            return candidate
    names = " or ".join(map(str, candidates))
    raise CaseFileError(f"{case}:1:1 T002 The case does not name its flow. Add 'flow: FILE', or make {names}.")
