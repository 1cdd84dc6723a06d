"""``schema``: the JSON Schema of the flow language, for editors."""

from __future__ import annotations

import argparse
import json

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.subcommands import Subcommands
from flow_engine.language import json_schema


def add_schema(commands: Subcommands) -> None:
    schema = commands.add_parser("schema", help="print the JSON Schema of the flow language")
    schema.set_defaults(run=run_schema)


def run_schema(_options: argparse.Namespace) -> ExitStatus:
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return ExitStatus.CLEAN
