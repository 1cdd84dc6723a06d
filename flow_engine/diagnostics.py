"""``Diagnostic``: one fault of a document, located, with what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from flow_engine.vocabulary import JSONObject


class Severity(StrEnum):
    """An error keeps a document from being published; a warning does not; a piece of information fails nothing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault. ``line`` and ``column`` count from 1, columns in characters.

    ``code`` is stable across versions (``F101``): tests, documentation and editors refer to it.
    ``hint`` says what to do, and is empty when the message says it all. ``path`` are the keys and indexes that lead to
    what is meant, for programs that mend it; people are told the line.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    file: str
    line: int
    column: int
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return " ".join(filter(None, (place, self.code, self.message, self.hint)))

    def to_json(self) -> JSONObject:
        """What people are told, as plain JSON, keys as the attributes are named."""
        told = {key: value for key, value in asdict(self).items() if key != "path"}
        return {**told, "severity": self.severity.value}
