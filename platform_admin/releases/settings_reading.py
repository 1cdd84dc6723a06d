"""From settings as written to a checked document, with every fault and where it stands.

Codes: S101 unknown key, S102 missing key, S103 wrong value, S104 a secret in the open. What depends on the flow or on
stored credentials is the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from connectors.catalog import secret_keys
from flow_engine.diagnostics import Diagnostic
from flow_engine.language.yaml_reader import Path, read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.business.document import PATTERNS as BUSINESS_PATTERNS
from platform_admin.documents.places import AS_STORED, Places
from platform_admin.documents.reading_faults import reading_faults
from platform_admin.documents.shape import dotted, shape_faults
from platform_admin.releases.channel_documents import CHANNEL_SECRETS
from platform_admin.releases.channel_documents import PATTERNS as CHANNEL_PATTERNS
from platform_admin.releases.settings_document import (
    NAME_PATTERN,
    VERSION_PATTERN,
    SettingsDocument,
)

SECRET_NAMES: Final = frozenset({"api_key", "client_secret", "password", "private_key", "secret", "token"}).union(
    *CHANNEL_SECRETS.values()
)
"""Keys under ``channels`` and ``connectors`` whose value would travel and be shown in clear."""

PATTERNS: Final = {
    **BUSINESS_PATTERNS,
    **CHANNEL_PATTERNS,
    NAME_PATTERN: _("must be small letters, digits and underscores, a letter first"),
    VERSION_PATTERN: _("must be a version such as v3"),
}

_BLOCK_DEPTH: Final = 2
"""``connectors`` and the name: where the options of a provider stand."""

_TAG_POSITION: Final = 2
"""Where pydantic puts the member's name: after ``channels`` and the index."""


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """``document`` is present exactly when there are no faults. ``places`` says where its parts stand.

    ``faulty_parts`` are the parts (``channels``, ``business``, …) that the faults stand in.
    """

    document: SettingsDocument | None
    faults: tuple[Diagnostic, ...]
    places: Places = AS_STORED
    faulty_parts: frozenset[str] = frozenset()


def read_settings_file(text: str, *, file: str) -> SettingsReading:
    """Settings from YAML (or JSON, its subset)."""
    reading = read_yaml(text)
    if reading.faults:
        faults = reading_faults(reading.faults, file=file, empty_hint=gettext("Settings have at least channels."))
        return SettingsReading(None, faults, Places(file))
    return check_settings(reading.value, Places(file, reading.locations))


def check_settings(value: JSON, places: Places = AS_STORED) -> SettingsReading:
    """Settings from plain JSON; every fault at once, in the order of the text."""
    in_clear = set(_secrets_in(value, ()))
    faults = [_secret_fault(path, places) for path in sorted(in_clear, key=str)]
    document, parts = None, {str(path[0]) for path in in_clear}
    try:
        document = SettingsDocument.model_validate(value)
    except ValidationError as error:
        parts |= {str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False) if item["loc"]}
        faults += shape_faults(error, places, patterns=PATTERNS, as_written=_as_written, left_out=frozenset(in_clear))
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return SettingsReading(None if faults else document, tuple(faults), places, frozenset(parts))


def _secret_fault(path: Path, places: Places) -> Diagnostic:
    name = dotted(path)
    message = gettext("%(name)s is a secret and must not stand here.") % {"name": name}
    return places.fault("S104", message, gettext("Store it as the credential %(name)s.") % {"name": name}, path)


def _as_written(loc: Path) -> Path:
    """Without what pydantic adds: a union's chosen member (``channels.0.whatsapp.…``)."""
    if loc[:1] == ("channels",) and len(loc) > _TAG_POSITION:
        return (*loc[:_TAG_POSITION], *loc[_TAG_POSITION + 1 :])
    return loc


def _is_secret(key: str, path: Path) -> bool:
    """By its name, or because a provider keeps that option of its block as a credential."""
    if path[:1] == ("connectors",) and len(path) == _BLOCK_DEPTH and key in secret_keys():
        return True
    return key in SECRET_NAMES and path[:1] in (("channels",), ("connectors",))


def _secrets_in(value: JSON, path: Path) -> Iterator[Path]:
    match value:
        case dict():
            for key, item in value.items():
                if _is_secret(key, path):
                    yield (*path, key)
                else:
                    yield from _secrets_in(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from _secrets_in(item, (*path, index))
        case _:
            return
