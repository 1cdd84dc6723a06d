"""``read_flow``: YAML text to a checked document and its normalised program, every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from pydantic import ValidationError

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.document import FlowDocument
from flow_engine.language.schema_faults import explain
from flow_engine.language.yaml_reader import Locations, ReadingFault, YAMLReading, decode, read_yaml
from flow_engine.validation import Finding, Surroundings, check
from flow_engine.vocabulary import JSON, JSONObject

MAX_DIAGNOSTICS: Final = 200
"""Diagnostics reported of one file; nobody reads further before mending the first."""


@dataclass(frozen=True, slots=True)
class FlowReading:
    """What became of one file.

    ``document`` and ``program`` are there when no diagnostic is an error. ``program`` is the
    normalised program: plain JSON with every key of every construct written out, which is what a
    bundle carries. ``diagnostics`` stand in the order of the file.
    """

    document: FlowDocument | None
    program: JSONObject | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """No error; there may be warnings."""
        return all(diagnostic.severity is not Severity.ERROR for diagnostic in self.diagnostics)


def read_flow_bytes(content: bytes, *, file: str, surroundings: Surroundings | None = None) -> FlowReading:
    """Read one flow from the bytes of a file. Never raises."""
    text = decode(content)
    if isinstance(text, ReadingFault):
        return FlowReading(None, None, (_from_reading(text, file),))
    return read_flow(text, file=file, surroundings=surroundings)


def read_flow(text: str, *, file: str, surroundings: Surroundings | None = None) -> FlowReading:
    """Read one flow. ``file`` is the name that diagnostics carry. Never raises.

    ``surroundings`` are what it is checked against: the committed catalogue and the default channel without any.
    """
    return judge(read_yaml(text), file=file, rules=lambda document: check(document, surroundings))


def judge(source: YAMLReading, *, file: str, rules: Callable[[JSON], tuple[Finding, ...]]) -> FlowReading:
    """What becomes of a text that has been read. ``rules`` are ``validation.check`` or what answers the same.

    A ``source`` whose value has been changed since it was read is judged by that value; its places are the text's.
    """
    document, misfits = _validate(source.value) if source.readable else (None, ())
    findings = (*misfits, *rules(source.value)) if source.readable else ()
    reading = FlowReading(None, None, diagnostics_of(source, findings, file))
    if document is None or not reading.ok:
        return reading
    return FlowReading(document, normalise(document), reading.diagnostics)


def diagnostics_of(source: YAMLReading, findings: tuple[Finding, ...], file: str) -> tuple[Diagnostic, ...]:
    """What is told of a text: what could not be read, and ``findings`` in its value, each at its place."""
    diagnostics = [_from_reading(fault, file) for fault in source.faults]
    diagnostics += [_locate(finding, source, file) for finding in _drop_consequences(findings, source)]
    return _select(diagnostics)


def normalise(document: FlowDocument) -> JSONObject:
    """The normalised program of a document."""
    return cast(JSONObject, document.model_dump(mode="json"))


def _validate(value: JSON) -> tuple[FlowDocument | None, tuple[Finding, ...]]:
    try:
        return FlowDocument.model_validate(value), ()
    except ValidationError as error:
        return None, schema_findings(error, value)


def schema_findings(error: ValidationError, value: JSON) -> tuple[Finding, ...]:
    """What pydantic has against ``value``, in the words of the language."""
    return explain(error.errors(include_url=False, include_input=False)[:MAX_DIAGNOSTICS], value)


def _select(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the file; when there are too many, the warnings go first."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    warnings = [diagnostic for diagnostic in diagnostics if diagnostic.severity is not Severity.ERROR]
    kept = (errors + warnings)[:MAX_DIAGNOSTICS]
    return tuple(sorted(kept, key=lambda diagnostic: (diagnostic.line, diagnostic.column, diagnostic.code)))


def _drop_consequences(findings: tuple[Finding, ...], source: YAMLReading) -> list[Finding]:
    """A node that could not be read is null in the document; what is said of it there means nothing."""
    refused = {fault.path for fault in source.faults}
    return [finding for finding in findings if finding.path not in refused]


def _locate(finding: Finding, source: YAMLReading, file: str) -> Diagnostic:
    locations: Locations = source.locations
    if finding.at_key:
        position = locations.of_key(finding.path)
    elif finding.offset is not None:
        position = locations.inside(finding.path, _text_at(source.value, finding.path), finding.offset)
    else:
        position = locations.of_value(finding.path)
    severity, message, hint = finding.severity, finding.message, finding.hint
    return Diagnostic(finding.code, severity, message, hint, file, position.line, position.column, finding.path)


def _text_at(value: JSON, path: tuple[str | int, ...]) -> str:
    for step in path:
        value = value[step]  # type: ignore[index]  # a rule found this text at this path
    return str(value)


def _from_reading(fault: ReadingFault, file: str) -> Diagnostic:
    at = fault.position
    return Diagnostic(fault.code, Severity.ERROR, fault.message, fault.hint, file, at.line, at.column, fault.path or ())
