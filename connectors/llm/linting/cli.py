"""``python -m connectors.llm.linting FILE``: what is wrong with a knowledge document, one line a finding.

::

    python -m connectors.llm.linting knowledge.md --language es --language en --settings business.yaml --on 2026-12-01
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from connectors.clock import SystemClock
from connectors.llm.linting.linter import KnowledgeFacts, lint_knowledge
from connectors.plain_json import JSON

FOUND, USAGE = 1, 2


def main(arguments: list[str]) -> int:
    """Exit code 0: nothing found, 1: something, 2: a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m connectors.llm.linting")
    parser.add_argument("document", type=Path, metavar="FILE")
    parser.add_argument("--language", action="append", default=[], help="a language the conversation offers")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="business settings (hours, services) as YAML")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="the day to judge by, instead of today")
    options = parser.parse_args(arguments)
    try:
        markdown = options.document.read_text(encoding="utf-8")
        business = _business(options.settings) if options.settings else {}
    except (OSError, UnicodeDecodeError) as error:
        print(f"{options.document}: {error}", file=sys.stderr)
        return USAGE
    today = options.on or SystemClock().now().date()
    found = lint_knowledge(markdown, today=today, facts=KnowledgeFacts.from_business(business, options.language))
    spanish = bool(options.language) and options.language[0].startswith("es")
    for finding in found:
        language = "es" if spanish else "en"
        said = f"{finding.message.in_language(language)} {finding.hint.in_language(language)}"
        print(f"{options.document}:{finding.line}: {finding.code} {said}")
    return FOUND if found else 0


def _business(file: Path) -> Mapping[str, JSON]:
    import yaml  # noqa: PLC0415 - only this command reads YAML

    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    business = content.get("business", content) if isinstance(content, dict) else {}
    return business if isinstance(business, dict) else {}
