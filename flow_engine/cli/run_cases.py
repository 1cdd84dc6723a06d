"""``test``: runs the cases of flows, shows every failure as a chat, and measures what the cases walk."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flow_engine.cases import CaseResult, run_case
from flow_engine.cases.coverage import FlowCoverage
from flow_engine.cli.case_files import CaseFileError, CaseFiles, find_cases
from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.junit import junit_xml
from flow_engine.cli.report import coverage_lines, failure_lines
from flow_engine.cli.update import update_case
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSON, JSONObject


@dataclass(frozen=True, slots=True)
class RunOptions:
    """``fail_states`` and ``fail_transitions`` are percentages of each flow; ``None`` asks for none."""

    paths: tuple[Path, ...]
    coverage: bool = False
    fail_states: float | None = None
    fail_transitions: float | None = None
    update: bool = False
    junit: Path | None = None
    json: bool = False
    surroundings: Surroundings | None = None


@dataclass(slots=True)
class _Run:
    files: CaseFiles
    results: list[CaseResult] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)


def run_cases(options: RunOptions) -> ExitStatus:
    """Run every case below the paths. ``FAULTS``: one fails, or too little is walked; ``USAGE``: one cannot be run."""
    run = _Run(CaseFiles(options.surroundings))
    paths = tuple(find_cases(options.paths))
    if not paths:
        print("No cases found. They are files named cases/*.yaml below the paths.", file=sys.stderr)
        return ExitStatus.USAGE
    for path in paths:
        _run_one(run, path, update=options.update)
    measured = options.coverage or options.fail_states is not None or options.fail_transitions is not None
    coverages = [run.files.coverage[path] for path in sorted(run.files.coverage)] if measured else []
    thin = [coverage for coverage in coverages if _is_thin(coverage, options)]
    if options.junit is not None:
        options.junit.write_bytes(junit_xml(run.results, run.broken))
    if options.json:
        print(json.dumps(_as_json(run, coverages), ensure_ascii=False, indent=2))
    else:
        _print(run, coverages, thin)
    if run.broken:
        return ExitStatus.USAGE
    failed = any(not result.passed for result in run.results)
    return ExitStatus.FAULTS if failed or thin else ExitStatus.CLEAN


def _run_one(run: _Run, path: Path, *, update: bool) -> None:
    try:
        loaded = run.files.load(path)
        result = run_case(loaded.case, loaded.program)
        if update and not result.passed:
            result = update_case(path, result, run.files.surroundings)
            run.updated += [str(path)] if result.passed else []
    except CaseFileError as error:
        run.broken.append((str(path), str(error)))
        return
    run.results.append(result)
    run.files.coverage[loaded.flow].add(result.trace)


def _is_thin(coverage: FlowCoverage, options: RunOptions) -> bool:
    return coverage.states_percent < (options.fail_states or 0) or coverage.transitions_percent < (
        options.fail_transitions or 0
    )


def _print(run: _Run, coverages: Sequence[FlowCoverage], thin: Sequence[FlowCoverage]) -> None:
    for result in run.results:
        for line in failure_lines(result):
            print(line)
    for _, reason in run.broken:
        print(reason, file=sys.stderr)
    for file in run.updated:
        print(f"updated {file}")
    for coverage in coverages:
        for line in coverage_lines(coverage):
            print(line)
    for coverage in thin:
        print(f"{coverage.file}: less is walked than asked for.", file=sys.stderr)
    failed = sum(not result.passed for result in run.results)
    print(f"{len(run.results) - failed} passed, {failed} failed, {len(run.broken)} not run", file=sys.stderr)


def _as_json(run: _Run, coverages: Sequence[FlowCoverage]) -> JSONObject:
    cases: list[JSON] = [_case_as_json(result) for result in run.results]
    broken: list[JSON] = [{"file": file, "reason": reason} for file, reason in run.broken]
    flows: list[JSON] = [_coverage_as_json(coverage) for coverage in coverages]
    return {"cases": cases, "not_run": broken, "coverage": flows}


def _case_as_json(result: CaseResult) -> JSONObject:
    case: JSONObject = {"file": result.case.file, "description": result.case.description, "passed": result.passed}
    mismatch = result.mismatch
    if mismatch is not None:
        place = mismatch.place
        case["failure"] = {
            "message": mismatch.message,
            "remedy": mismatch.remedy,
            "expected": mismatch.expected,
            "actual": mismatch.actual,
            "file": place.file,
            "line": place.line,
            "column": place.column,
        }
    return case


def _coverage_as_json(coverage: FlowCoverage) -> JSONObject:
    states: list[JSON] = [{"name": part.name, "line": part.line} for part in coverage.missing_states]
    transitions: list[JSON] = [{"name": part.name, "line": part.line} for part in coverage.missing_transitions]
    return {
        "flow": coverage.file,
        "states_percent": round(coverage.states_percent, 1),
        "transitions_percent": round(coverage.transitions_percent, 1),
        "missing_states": states,
        "missing_transitions": transitions,
    }
