"""From pydantic's errors to the faults a person reads.

Codes: S101 unknown key, S102 missing key, S103 wrong value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flow_engine.diagnostics import Diagnostic
from flow_engine.language.yaml_reader import Path
from platform_admin.documents.places import Places
from platform_admin.documents.words import in_words


def shape_faults(
    error: ValidationError,
    places: Places,
    *,
    patterns: Mapping[str, Promise],
    as_written: Callable[[Path], Path] = lambda path: path,
    left_out: frozenset[Path] = frozenset(),
) -> Iterator[Diagnostic]:
    """One fault per error. ``as_written`` takes out what pydantic adds to a path; ``left_out`` was told already."""
    for item in error.errors(include_url=False, include_input=False):
        path = as_written(_without_key_marks(item["loc"]))
        if path not in left_out:
            yield _fault(item, path, places, patterns)


def dotted(path: Path) -> str:
    """``channels.0.type``: how paths are written in faults and as credential fields."""
    return ".".join(map(str, path))


def _without_key_marks(loc: tuple[int | str, ...]) -> Path:
    return loc[:-1] if loc[-1:] == ("[key]",) else loc


def _fault(item: ErrorDetails, path: Path, places: Places, patterns: Mapping[str, Promise]) -> Diagnostic:
    match item["type"]:
        case "extra_forbidden":
            return places.fault(
                "S101", _("%(field)s is not known here.") % {"field": dotted(path)}, _("Remove it."), path
            )
        case "missing":
            return _missing(path, places)
        case "union_tag_not_found":
            return _missing((*path, "type"), places)
        case "value_error":  # our own validators speak in whole sentences
            return places.fault("S103", str(item["ctx"]["error"]), "", path)
        case kind:
            wrong, hint = in_words(kind, item["msg"], item.get("ctx", {}), patterns)
            field = dotted(path) or _("The document")
            return places.fault("S103", f"{field} {wrong}.", hint, path)


def _missing(path: Path, places: Places) -> Diagnostic:
    return places.fault("S102", _("%(field)s is missing.") % {"field": dotted(path)}, _("Add it."), path)
