"""The commands and their options."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flow_engine.cli.case_commands import add_test
from flow_engine.cli.check import check_files
from flow_engine.cli.exit_status import ExitStatus
from flow_engine.language import LANGUAGE_VERSION, json_schema

VERSION: Final = "0.1.0"
"""The version of the project; a test compares it with pyproject.toml."""


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 clean, 1 faults found, 2 not understood or not readable."""
    options = _parser().parse_args(arguments)
    if options.command == "test":
        return int(options.run(options))
    if options.command == "check":
        return check_files(options.files, as_json=options.json, strict=options.strict)
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return ExitStatus.CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flow_engine", description="Work with conversation flows.")
    version = f"flow_engine {VERSION} (flow language {LANGUAGE_VERSION})"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="find every fault of a flow, with line and column",
        description="Find every fault of one or more flows. Exit 0: no error; 1: errors; 2: a file cannot be read.",
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a flow in YAML")
    check.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    check.add_argument("--strict", action="store_true", help="count warnings as errors")
    add_test(commands)
    commands.add_parser("schema", help="print the JSON Schema of the flow language")
    return parser
