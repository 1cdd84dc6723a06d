"""``read_case``: the YAML of a case, or of a reusable piece of one, to a ``CaseFile``; every fault at once, located."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flow_engine.cases.case import CaseFile, CaseStep
from flow_engine.cases.fields import Fields, Source
from flow_engine.cases.reading_scripts import read_llm, read_scripts
from flow_engine.cases.reading_steps import read_step
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import ReadingFault, decode, read_yaml
from flow_engine.vocabulary import JSONObject

CASE_KEYS: Final = (
    "description",
    "flow",
    "use",
    "settings",
    "now",
    "contact",
    "channel",
    "connectors",
    "llm",
    "steps",
)
SETTING_KEYS: Final = ("timezone", "language", "llm_enabled", "sentences", "business")
CONTACT_KEYS: Final = ("id", "name", "phone")


@dataclass(frozen=True, slots=True)
class CaseReading:
    """``case`` is there when nothing is wrong. ``diagnostics`` stand in the order of the file; all are errors."""

    case: CaseFile | None
    diagnostics: tuple[Diagnostic, ...]


def read_case_bytes(content: bytes, *, file: str) -> CaseReading:
    """Read one file from its bytes. Never raises."""
    text = decode(content)
    if isinstance(text, ReadingFault):
        return CaseReading(None, (_from_reading(text, file),))
    return read_case(text, file=file)


def read_case(text: str, *, file: str) -> CaseReading:
    """Read one file; ``file`` is the name that faults carry. Never raises."""
    reading = read_yaml(text)
    faults = [_from_reading(fault, file) for fault in reading.faults]
    if faults:
        return CaseReading(None, tuple(faults))
    source = Source(file, reading.locations)
    case = _read_file(Fields(source, reading.value, (), CASE_KEYS), source)
    diagnostics = sorted(source.diagnostics, key=lambda fault: (fault.line, fault.column, fault.code))
    return CaseReading(None if diagnostics else case, tuple(diagnostics))


def _read_file(fields: Fields, source: Source) -> CaseFile:
    return CaseFile(
        file=source.file,
        description=fields.text("description"),
        flow=fields.text("flow"),
        settings=_checked_mapping(fields, "settings", SETTING_KEYS),
        now=fields.moment("now"),
        contact=_checked_mapping(fields, "contact", CONTACT_KEYS),
        channel=fields.text("channel"),
        scripts=read_scripts(fields),
        llm=read_llm(fields),
        use=fields.texts("use") or (),
        steps=_read_steps(fields, source),
    )


def _checked_mapping(fields: Fields, key: str, known: tuple[str, ...]) -> JSONObject:
    value = fields.mapping(key)
    if value is not None:
        Fields(fields.source, value, (*fields.path, key), known)
    return value or {}


def _read_steps(fields: Fields, source: Source) -> tuple[CaseStep, ...]:
    return tuple(step for path, item in fields.items("steps") if (step := read_step(source, item, path)) is not None)


def _from_reading(fault: ReadingFault, file: str) -> Diagnostic:
    at = fault.position
    hint = "A case has at least steps." if fault.message == "The file is empty." else fault.hint
    return Diagnostic(fault.code, Severity.ERROR, fault.message, hint, file, at.line, at.column)
