"""Where each part of a document was written."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import Locations, Path, Position


@dataclass(frozen=True, slots=True)
class Places:
    """A file that was read, or a document as stored: those have no lines, so every fault stands at 1:1."""

    file: str = "document"
    locations: Locations | None = None

    def fault(self, code: str, message: str, hint: str, path: Path = ()) -> Diagnostic:
        """An error at the key that leads to ``path``, or at the nearest part above it that was written."""
        at = self.locations.of_key(path) if self.locations and path else Position(1, 1)
        return Diagnostic(code, Severity.ERROR, message, hint, self.file, at.line, at.column)


AS_STORED = Places("settings")
