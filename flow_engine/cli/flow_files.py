"""Reads a flow from a file, with the settings that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.language import read_flow_bytes
from flow_engine.language.yaml_reader import Locations, ReadingFault, decode, read_yaml
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSON, JSONObject

DEFAULTS_FILE: Final = "defaults.yaml"
_SETTING_KEYS: Final = ("timezone", "language", "llm_enabled", "sentences", "business")


class FlowFileError(Exception):
    """The flow cannot be used; the argument is every reason, a line each."""


@dataclass(frozen=True, slots=True)
class LoadedFlow:
    """``name`` is the path as a report shows it; ``defaults`` are the settings beside the flow."""

    path: Path
    name: str
    program: JSONObject
    document: JSON
    locations: Locations
    defaults: JSONObject


def read_flow_file(path: Path, surroundings: Surroundings | None = None) -> LoadedFlow:
    """Raises ``FlowFileError`` for a file that cannot be read or has errors; warnings are left to ``check``."""
    name = _shown(path)
    content = _read(path)
    reading = read_flow_bytes(content, file=name, surroundings=surroundings)
    if reading.program is None:
        raise FlowFileError("\n".join(map(str, reading.diagnostics)))
    source = read_yaml(content.decode("utf-8-sig"))
    return LoadedFlow(path, name, reading.program, source.value, source.locations, _read_defaults(path))


def _read_defaults(flow: Path) -> JSONObject:
    """``defaults.yaml`` of the flow's folder: beside ``flow.yaml``, or in ``<name>/`` for ``<name>_flow.yaml``."""
    folder = flow.parent if flow.stem == "flow" else flow.parent / flow.stem.removesuffix("_flow")
    file = folder / DEFAULTS_FILE
    if not file.exists():
        return {}
    text = decode(_read(file))
    reading = None if isinstance(text, ReadingFault) else read_yaml(text)
    if reading is None or reading.faults or not isinstance(reading.value, dict):
        raise FlowFileError(f"{_shown(file)}: these are no settings. Write timezone, language and business.")
    return {key: value for key, value in reading.value.items() if key in _SETTING_KEYS}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FlowFileError(f"{_shown(path)}: cannot be read: {error.strerror}. Check the name.") from error


def _shown(path: Path) -> str:
    """As short as possible: from the working directory where the file is below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)
