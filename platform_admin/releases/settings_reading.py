"""From settings as written to a checked document, with every fault and where it stands.

Codes: S101 unknown key, S102 missing key, S103 wrong value, S104 a secret in the open. What depends on the flow or on
stored credentials is the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import Locations, Path, Position, read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.releases.settings_document import SettingsDocument

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


_TAG_POSITION: Final = 2
"""Where pydantic puts the member's name: after ``channels`` and the index."""


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """``document`` is present exactly when there are no faults."""

    document: SettingsDocument | None
    faults: tuple[Diagnostic, ...]


def read_settings_file(text: str, *, file: str) -> SettingsReading:
    """Settings from YAML (or JSON, its subset)."""
    reading = read_yaml(text)
    if reading.faults:
        faults = tuple(
            Diagnostic(f.code, Severity.ERROR, f.message, f.hint, file, f.position.line, f.position.column)
            for f in reading.faults
        )
        return SettingsReading(None, faults)
    return check_settings(reading.value, file=file, locations=reading.locations)


def check_settings(value: JSON, *, file: str = "settings", locations: Locations | None = None) -> SettingsReading:
    """Settings from plain JSON. Without ``locations`` every fault stands at 1:1 and names its path."""
    report = _Report(file, locations)
    in_clear = set(_secrets_in(value, ()))
    for path in sorted(in_clear, key=str):
        name = dotted(path)
        report.add("S104", f"{name} is a secret and must not stand here.", f"Store it as the credential {name}.", path)
    document = None
    try:
        document = SettingsDocument.model_validate(value)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            path = _without_tag(item["loc"])
            if path not in in_clear:
                report.add_shape_fault(item["type"], item["msg"], path)
    return SettingsReading(None if report.faults else document, tuple(report.faults))


class _Report:
    """Faults with their places."""

    def __init__(self, file: str, locations: Locations | None) -> None:
        self.faults: list[Diagnostic] = []
        self._file = file
        self._locations = locations

    def add(self, code: str, message: str, hint: str, path: Path) -> None:
        at = self._locations.of_key(path) if self._locations and path else Position(1, 1)
        self.faults.append(Diagnostic(code, Severity.ERROR, message, hint, self._file, at.line, at.column))

    def add_shape_fault(self, kind: str, message: str, path: Path) -> None:
        match kind:
            case "extra_forbidden":
                self.add("S101", f"{dotted(path)} is not known here.", "Remove it.", path)
            case "missing" | "union_tag_not_found":
                name = dotted((*path, "type")) if kind == "union_tag_not_found" else dotted(path)
                self.add("S102", f"{name} is missing.", "Add it.", path)
            case _:
                self.add("S103", f"{dotted(path) or 'The document'}: {message}.", "", path)


def dotted(path: Path) -> str:
    """``channels.0.type``: how paths are written in faults and as credential fields."""
    return ".".join(map(str, path))


def _without_tag(loc: tuple[int | str, ...]) -> Path:
    """Pydantic names the chosen member of a union in the path (``channels.0.whatsapp.…``); the document does not."""
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
