"""What is wrong with a text, before it is anything but YAML."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.language.yaml_reader.locations import Path, Position


@dataclass(frozen=True, slots=True)
class ReadingFault:
    """Why a text is not a document, or which node of it was refused. Always an error.

    ``path`` is the refused node; None when the whole text could not be read.
    """

    code: str
    message: str
    hint: str
    position: Position
    path: Path | None = None
