"""From business settings as written to a checked document, with every fault of its shape."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic import ValidationError

from flow_engine.diagnostics import Diagnostic
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.business.document import PATTERNS, BusinessDocument
from platform_admin.documents.places import Places
from platform_admin.documents.reading_faults import reading_faults
from platform_admin.documents.shape import shape_faults

AS_STORED = Places("business")


@dataclass(frozen=True, slots=True)
class BusinessReading:
    """``document`` is present exactly when there are no faults."""

    document: BusinessDocument | None
    faults: tuple[Diagnostic, ...]


def check_business(value: JSON, places: Places = AS_STORED) -> BusinessReading:
    """From plain JSON."""
    try:
        return BusinessReading(BusinessDocument.model_validate(value), ())
    except ValidationError as error:
        return BusinessReading(None, tuple(shape_faults(error, places, patterns=PATTERNS)))


def read_business_file(text: str, *, file: str) -> BusinessReading:
    """From YAML (or JSON, its subset)."""
    reading = read_yaml(text)
    if reading.faults:
        return BusinessReading(None, reading_faults(reading.faults, file=file, empty_hint=_("It has at least a name.")))
    return check_business(reading.value, Places(file, reading.locations))
