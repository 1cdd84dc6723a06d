"""The commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from flow_engine.cli.case_commands import add_chat, add_graph, add_test, add_why
from flow_engine.cli.check import add_check
from flow_engine.cli.docs import add_docs
from flow_engine.cli.migrate import add_migrate
from flow_engine.cli.schema import add_schema
from flow_engine.language import LANGUAGE_VERSION

VERSION: Final = "0.1.0"
"""The version of the project; a test compares it with pyproject.toml."""


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 clean, 1 faults found, 2 not understood or not readable."""
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flow_engine", description="Work with conversation flows.")
    version = f"flow_engine {VERSION} (flow language {LANGUAGE_VERSION})"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_check(commands)
    add_test(commands)
    add_chat(commands)
    add_why(commands)
    add_graph(commands)
    add_schema(commands)
    add_migrate(commands)
    add_docs(commands)
    return parser
