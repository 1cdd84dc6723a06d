"""``Diagnostic``: one fault of a document, located, with what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
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
    ``hint`` says what to do, and is empty when the message says it all.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    file: str
    line: int
    column: int

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return " ".join(filter(None, (place, self.code, self.message, self.hint)))

    def to_json(self) -> JSONObject:
        """The same as plain JSON, keys as the attributes are named."""
        return {**asdict(self), "severity": self.severity.value}
