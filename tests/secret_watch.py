"""Listens to everything a test logs or writes, and fails it when one of the suite's secrets is in there.

The secrets are those that test modules and fakes give such names to: a module-level text called ``…KEY``, ``…SECRET``,
``…PASSWORD`` or ``…TOKEN``. Nobody has to remember to add one.

Every test of every suite is watched (``tests/conftest.py``): its log as it is set up, its output and that of the
processes it starts. ``watched`` is for more: the lines from INFO up of loggers that are quieter otherwise.
"""

from __future__ import annotations

import ast
import functools
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parent
SETTINGS_OF_TESTS = TESTS.parent / "platform_admin" / "config" / "settings" / "test.py"

_NAMED = re.compile(r"(?:^|_)(?:KEYS?|SECRETS?|PASSWORD|TOKEN)$")
_SHORTEST = 10
"""Characters. Shorter ones are part of ordinary words."""

_KEY_OF_A_CALL = re.compile(r"(?:conversation|standing):")
"""Such a key tells two calls apart and opens nothing."""

_RUNTIME_TOKEN = re.compile(r"\bfdrt_[\w-]{40,}")
"""One that was issued while the test ran. A command may print it: that is what it was asked for."""


@functools.cache
def secrets_of_the_suite() -> frozenset[str]:
    """Every secret that some test or fake uses."""
    files = (SETTINGS_OF_TESTS, *TESTS.rglob("*.py"))
    return frozenset(secret for path in files for secret in _secrets_in(path.read_text(encoding="utf-8")))


@functools.cache
def _any_secret() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, secrets_of_the_suite()))))


_OWN_SERVER = re.compile(r"\b(?:uvicorn\.access:|httpx2:)")
"""Requests that a test or its fake server sends and takes, as pytest keeps them: before any handler's filter. What our
own configuration writes of them is in the captured stderr."""


def holds_a_secret(text: str) -> bool:
    return _any_secret().search(text) is not None


def leaks_in(sections: Iterable[tuple[str, str]]) -> list[str]:
    """The lines with a secret in them. ``sections`` is what pytest captured of a test: a heading, and the text."""
    found = []
    for heading, text in sections:
        logged = "stdout" not in heading
        if holds_a_secret(text) or (logged and _RUNTIME_TOKEN.search(text)):
            kept = "log" not in heading
            lines = [line for line in text.splitlines() if kept or not _OWN_SERVER.search(line)]
            found += [line for line in lines if holds_a_secret(line) or (logged and _RUNTIME_TOKEN.search(line))]
    return found


def _secrets_in(source: str) -> Iterator[str]:
    for name, value in _named_texts(ast.parse(source)):
        for text in value.split(",") if name.endswith("S") else [value]:
            if _NAMED.search(name) and len(text) >= _SHORTEST and " " not in text and not _KEY_OF_A_CALL.match(text):
                yield text


def _named_texts(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Assignments of the module, and the entries of a dictionary that one of its statements holds."""
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text)))
            ):
                yield name, text
            case ast.Expr(value=ast.Call(args=[ast.Dict(keys=keys, values=values)])):
                for key, value in zip(keys, values, strict=True):
                    match key, value:
                        case ast.Constant(value=str(name)), ast.Constant(value=str(text)):
                            yield name, text
                        case _:
                            pass
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
        if holds_a_secret(line):
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
