"""From settings as written to a checked document, with every fault and where it stands.

Codes: S101 unknown key, S102 missing key, S103 wrong value, S104 a secret in the open. What depends on the flow or on
stored credentials is the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import Path, ReadingFault, read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_places import AS_STORED, SettingsPlaces
from platform_admin.releases.settings_words import in_words

SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "app_secret",
        "client_secret",
        "password",
        "private_key",
        "secret",
        "token",
        "verify_token",
    }
)
"""Keys under ``channels`` and ``connectors`` whose value would travel and be shown in clear."""

_EMPTY: Final = "F006"
"""The reader's code for a file without anything in it."""

_TAG_POSITION: Final = 2
"""Where pydantic puts the member's name: after ``channels`` and the index."""


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """``document`` is present exactly when there are no faults. ``places`` says where its parts stand."""

    document: SettingsDocument | None
    faults: tuple[Diagnostic, ...]
    places: SettingsPlaces = AS_STORED


def read_settings_file(text: str, *, file: str) -> SettingsReading:
    """Settings from YAML (or JSON, its subset)."""
    reading = read_yaml(text)
    if reading.faults:
        faults = tuple(_reading_fault(fault, file) for fault in reading.faults)
        return SettingsReading(None, faults, SettingsPlaces(file))
    return check_settings(reading.value, SettingsPlaces(file, reading.locations))


def check_settings(value: JSON, places: SettingsPlaces = AS_STORED) -> SettingsReading:
    """Settings from plain JSON; every fault at once, in the order of the text."""
    in_clear = set(_secrets_in(value, ()))
    faults = [_secret_fault(path, places) for path in sorted(in_clear, key=str)]
    document = None
    try:
        document = SettingsDocument.model_validate(value)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            path = _as_written(item["loc"])
            if path not in in_clear:
                faults.append(_shape_fault(item, path, places))
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return SettingsReading(None if faults else document, tuple(faults), places)


def _reading_fault(fault: ReadingFault, file: str) -> Diagnostic:
    # The reader is the flow language's; its hint for an empty file speaks of flows.
    hint = "Settings have at least channels." if fault.code == _EMPTY else fault.hint
    return Diagnostic(fault.code, Severity.ERROR, fault.message, hint, file, fault.position.line, fault.position.column)


def _secret_fault(path: Path, places: SettingsPlaces) -> Diagnostic:
    name = dotted(path)
    message = f"{name} is a secret and must not stand here."
    return places.fault("S104", message, f"Store it as the credential {name}.", path)


def _shape_fault(item: ErrorDetails, path: Path, places: SettingsPlaces) -> Diagnostic:
    match item["type"]:
        case "extra_forbidden":
            return places.fault("S101", f"{dotted(path)} is not known here.", "Remove it.", path)
        case "missing":
            return places.fault("S102", f"{dotted(path)} is missing.", "Add it.", path)
        case "union_tag_not_found":
            return places.fault("S102", f"{dotted((*path, 'type'))} is missing.", "Add it.", path)
        case kind:
            wrong, hint = in_words(kind, item["msg"], item.get("ctx", {}))
            return places.fault("S103", f"{dotted(path) or 'The document'} {wrong}.", hint, path)


def dotted(path: Path) -> str:
    """``channels.0.type``: how paths are written in faults and as credential fields."""
    return ".".join(map(str, path))


def _as_written(loc: tuple[int | str, ...]) -> Path:
    """Without what pydantic adds: a union's chosen member (``channels.0.whatsapp.…``), and that it is about a key."""
    if loc[-1:] == ("[key]",):
        return loc[:-1]
    if loc[:1] == ("channels",) and len(loc) > _TAG_POSITION:
        return (*loc[:_TAG_POSITION], *loc[_TAG_POSITION + 1 :])
    return loc


def _secrets_in(value: JSON, path: Path) -> Iterator[Path]:
    match value:
        case dict():
            for key, item in value.items():
                if key in SECRET_NAMES and path[:1] in (("channels",), ("connectors",)):
                    yield (*path, key)
                else:
                    yield from _secrets_in(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from _secrets_in(item, (*path, index))
        case _:
            return
