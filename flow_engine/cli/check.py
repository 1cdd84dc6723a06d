"""``check``: every fault of every file, as lines for people or as one JSON object for tools."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import read_flow_bytes


def check_files(files: Sequence[Path], *, as_json: bool, strict: bool) -> ExitStatus:
    """Print the diagnostics of ``files`` in order. ``strict`` counts warnings as errors."""
    found: list[Diagnostic] = []
    unreadable = False
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            print(f"{file}: cannot be read: {error.strerror}. Check the name.", file=sys.stderr)
            unreadable = True
            continue
        diagnostics = read_flow_bytes(content, file=str(file)).diagnostics
        found += diagnostics
        if not as_json:
            _print_lines(file, diagnostics)
    failed = any(strict or diagnostic.severity is Severity.ERROR for diagnostic in found)
    if as_json:
        report = {"ok": not failed and not unreadable, "diagnostics": [item.to_json() for item in found]}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    if unreadable:
        return ExitStatus.USAGE
    return ExitStatus.FAULTS if failed else ExitStatus.CLEAN


def _print_lines(file: Path, diagnostics: tuple[Diagnostic, ...]) -> None:
    for diagnostic in diagnostics:
        print(diagnostic)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    print(f"{file}: {_count(errors, 'error')}, {_count(warnings, 'warning')}", file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
