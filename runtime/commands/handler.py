"""``Handler``: one kind of command. It may be begun again after a crash, and must change nothing the second time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from flow_engine.vocabulary import JSONObject
from runtime.ports.command_store import Command, CommandResult, CommandStatus

type Handler = Callable[[Command], Awaitable[CommandResult]]
"""Carries out one command. Raises ``RefusedError`` when nothing was done and nothing will be."""


class RefusedError(Exception):
    """The command is not carried out. ``word`` is stable, the sentence is for a person."""

    def __init__(self, word: str, sentence: str) -> None:
        super().__init__(f"{word}: {sentence}")
        self.word = word


def done(result: JSONObject | None = None, detail: str = "") -> CommandResult:
    """It was carried out."""
    return CommandResult(CommandStatus.DONE, detail, result)


def text_of(command: Command, field: str) -> str:
    """A text that the payload must have. Raises ``RefusedError`` (``bad_payload``)."""
    value = command.payload.get(field)
    if not isinstance(value, str) or not value:
        raise RefusedError("bad_payload", f"{field} must be a text.")
    return value
