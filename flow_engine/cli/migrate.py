"""``migrate``: a flow of an older language version as one of the present version."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.subcommands import Subcommands
from flow_engine.language import LANGUAGE_VERSION
from flow_engine.language.migrations import MigrationError, migrate, version_of
from flow_engine.language.migrations.rewriting import rewrite
from flow_engine.language.yaml_reader import decode, read_yaml
from flow_engine.vocabulary import JSONObject


def add_migrate(commands: Subcommands) -> None:
    command = commands.add_parser(
        "migrate",
        help="make flows of an older language version ones of the present version",
        description=(
            f"Make flows ones of language version {LANGUAGE_VERSION}. A flow that has it already is left as it is. "
            "Comments and layout stay where what they belong to stays. Exit 1: a flow cannot be migrated; "
            "2: a file cannot be read."
        ),
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a flow in YAML")
    command.add_argument("--write", action="store_true", help="write the files instead of printing them")
    command.set_defaults(run=run_migrate)


def run_migrate(options: argparse.Namespace) -> ExitStatus:
    """The worst of what became of the files."""
    return max(_migrate(file, write=options.write) for file in options.files)


def _migrate(file: Path, *, write: bool) -> ExitStatus:
    try:
        text = decode(file.read_bytes())
    except OSError as error:
        print(f"{file}: cannot be read: {error.strerror}. Check the name.", file=sys.stderr)
        return ExitStatus.USAGE
    document = _document(text) if isinstance(text, str) else None
    if document is None or not isinstance(text, str):
        print(f"{file}: cannot be read as a flow; check says why.", file=sys.stderr)
        return ExitStatus.FAULTS
    try:
        migrated = migrate(document)
    except MigrationError as error:
        print(f"{file}: {error}.", file=sys.stderr)
        return ExitStatus.FAULTS
    if migrated is document:
        print(f"{file}: has version {version_of(document)} already.", file=sys.stderr)
        return ExitStatus.CLEAN
    rewritten = rewrite(text, migrated)
    if write:
        file.write_text(rewritten, encoding="utf-8")
    else:
        print(rewritten, end="")
    return ExitStatus.CLEAN


def _document(text: str) -> JSONObject | None:
    reading = read_yaml(text)
    return reading.value if not reading.faults and isinstance(reading.value, dict) else None
