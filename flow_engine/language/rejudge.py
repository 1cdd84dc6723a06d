"""``Rejudge``: what is told of a text that is being typed, which is mostly the text that was judged just before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from flow_engine.diagnostics import Diagnostic
from flow_engine.language.document import FlowDocument
from flow_engine.language.reading import diagnostics_of, schema_findings
from flow_engine.language.yaml_reader import YAMLReading
from flow_engine.validation import Finding
from flow_engine.validation.recheck import Recheck
from flow_engine.vocabulary import JSON

_NEVER: Final = object()
"""What no step is, an empty one included."""


@dataclass(slots=True)
class Rejudge:
    """Judges texts that follow each other. ``diagnostics`` never raises, and answers what ``judge`` would.

    A step that is the very object of last time, and fitted the language then, fits it still. So nobody may change
    a document after it was judged.
    """

    rules: Recheck
    _fitting: Mapping[str, JSON] = field(default_factory=dict)

    def diagnostics(self, source: YAMLReading, file: str) -> tuple[Diagnostic, ...]:
        """In the order of the file. ``file`` is the name that they carry."""
        if not source.readable:
            return diagnostics_of(source, (), file)
        return diagnostics_of(source, (*self._misfits(source.value), *self.rules.check(source.value)), file)

    def _misfits(self, document: JSON) -> tuple[Finding, ...]:
        """What does not fit the language: of the steps only those are looked at that are not known to fit."""
        states = document.get("states") if isinstance(document, dict) else None
        if not isinstance(document, dict) or not isinstance(states, dict):
            return _misfits_in(document, document)[0]
        unknown = {name: state for name, state in states.items() if self._fitting.get(name, _NEVER) is not state}
        looked_at = unknown or dict([next(iter(states.items()))] if states else [])
        findings, unfit = _misfits_in({**document, "states": looked_at}, document)
        self._fitting = {name: state for name, state in states.items() if name not in unfit}
        return findings


def _misfits_in(value: JSON, document: JSON) -> tuple[tuple[Finding, ...], frozenset[str]]:
    """What is wrong with ``value``, a part of ``document``, and the names of the steps that have to do with it."""
    try:
        FlowDocument.model_validate(value)
    except ValidationError as error:
        places = [fault["loc"] for fault in error.errors(include_url=False, include_input=False, include_context=False)]
        unfit = frozenset(str(place[1]) for place in places if place[:1] == ("states",) and len(place) > 1)
        return schema_findings(error, document), unfit
    return (), frozenset()
