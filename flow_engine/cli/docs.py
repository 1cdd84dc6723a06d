"""``docs``: write the reference and the JSON Schema into a folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.subcommands import Subcommands
from flow_engine.language import json_schema
from flow_engine.language.reference import language_page, rules_page


def add_docs(commands: Subcommands) -> None:
    docs = commands.add_parser("docs", help="write the reference of the language, its rules and its JSON Schema")
    docs.add_argument("--into", type=Path, default=Path("docs"), metavar="FOLDER", help="where to (%(default)s)")
    docs.set_defaults(run=run_docs)


def pages() -> Mapping[str, str]:
    """The committed files by name, as they must read now."""
    return {
        "flow-language.md": language_page(),
        "flow-rules.md": rules_page(),
        "flow.schema.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
    }


def run_docs(options: argparse.Namespace) -> ExitStatus:
    options.into.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (options.into / name).write_text(text, encoding="utf-8")
    return ExitStatus.CLEAN
