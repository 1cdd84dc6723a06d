"""``check``: every fault of every file, as lines for people or as one JSON object for tools."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.subcommands import Subcommands
from flow_engine.cli.surroundings import read_surroundings
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.errors import SurroundingsError
from flow_engine.language import read_flow_bytes
from flow_engine.validation.surroundings import DEFAULT_CHANNEL


def add_check(commands: Subcommands) -> None:
    check = commands.add_parser(
        "check",
        help="find every fault of a flow, with line and column",
        description=(
            "Find every fault of one or more flows. Exit 0: no error; 1: errors; 2: a file cannot be read. "
            "What each code means stands in docs/flow-rules.md."
        ),
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a flow in YAML")
    check.add_argument("--catalog", type=Path, metavar="FILE", help="connectors as JSON, instead of the committed ones")
    check.add_argument("--channel", default=DEFAULT_CHANNEL, metavar="NAME", help="where it is shown (%(default)s)")
    check.add_argument("--templates", type=Path, metavar="FILE", help="the approved templates as JSON")
    check.add_argument("--strict", action="store_true", help="count warnings as errors")
    check.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> ExitStatus:
    """Print the diagnostics of the files in order. ``strict`` counts warnings as errors; information never fails."""
    try:
        against = read_surroundings(catalog=options.catalog, channel=options.channel, templates=options.templates)
    except SurroundingsError as error:
        print(f"{error}.", file=sys.stderr)
        return ExitStatus.USAGE
    found: list[Diagnostic] = []
    unreadable = False
    for file in options.files:
        try:
            content = file.read_bytes()
        except OSError as error:
            print(f"{file}: cannot be read: {error.strerror}. Check the name.", file=sys.stderr)
            unreadable = True
            continue
        diagnostics = read_flow_bytes(content, file=str(file), surroundings=against).diagnostics
        found += diagnostics
        if not options.json:
            _print_lines(file, diagnostics)
    fatal = {Severity.ERROR, Severity.WARNING} if options.strict else {Severity.ERROR}
    failed = any(diagnostic.severity in fatal for diagnostic in found)
    if options.json:
        report = {"ok": not failed and not unreadable, "diagnostics": [item.to_json() for item in found]}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    if unreadable:
        return ExitStatus.USAGE
    return ExitStatus.FAULTS if failed else ExitStatus.CLEAN


def _print_lines(file: Path, diagnostics: tuple[Diagnostic, ...]) -> None:
    for diagnostic in diagnostics:
        print(diagnostic)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    warnings = sum(diagnostic.severity is Severity.WARNING for diagnostic in diagnostics)
    print(f"{file}: {_count(errors, 'error')}, {_count(warnings, 'warning')}", file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
