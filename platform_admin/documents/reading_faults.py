"""Faults of a text that is no YAML, for documents that are no flows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import ReadingFault

_EMPTY: Final = "F006"
"""The reader's code for a file without anything in it; its hint speaks of flows."""


def reading_faults(faults: Iterable[ReadingFault], *, file: str, empty_hint: str) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(
            fault.code,
            Severity.ERROR,
            fault.message,
            empty_hint if fault.code == _EMPTY else fault.hint,
            file,
            fault.position.line,
            fault.position.column,
        )
        for fault in faults
    )
