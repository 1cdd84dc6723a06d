"""Listens to everything a test logs, and fails it when one of the suite's secrets is in there.

The secrets are those that test modules and fakes give such names to: a module-level text called ``…KEY``, ``…SECRET``,
``…PASSWORD`` or ``…TOKEN``. Nobody has to remember to add one.
"""

from __future__ import annotations

import ast
import functools
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parent

_NAMED = re.compile(r"(?:^|_)(?:KEY|SECRET|PASSWORD|TOKEN)$")
_SHORTEST = 10
"""Characters. Shorter ones are part of ordinary words."""


@functools.cache
def secrets_of_the_suite() -> frozenset[str]:
    """Every secret that some test or fake uses."""
    return frozenset(secret for path in TESTS.rglob("*.py") for secret in _secrets_in(path.read_text(encoding="utf-8")))


def _secrets_in(source: str) -> Iterator[str]:
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                if _NAMED.search(name) and len(text) >= _SHORTEST and " " not in text:
                    yield text
            case _:
                pass


class SecretWatch(logging.Handler):
    """Keeps the lines with a secret in them, as a plain handler would write them: message, arguments, traceback."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if any(secret in line for secret in secrets_of_the_suite()):
            self.leaks.append(line)


@contextmanager
def watched(*loggers: str) -> Iterator[SecretWatch]:
    """Everything from INFO up of these loggers is read while the block lasts."""
    watch = SecretWatch()
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in loggers]
    logging.getLogger().addHandler(watch)
    for logger, _ in before:
        logger.setLevel(logging.INFO)
    try:
        yield watch
    finally:
        logging.getLogger().removeHandler(watch)
        for logger, level in before:
            logger.setLevel(level)
