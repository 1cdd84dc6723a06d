from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import ValueTemplate
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class Record:
    """``record``: a named outcome was reached. Emits one ``RecordOutcome``."""

    kind: ClassVar[str] = "record"

    outcome: str
    value: ValueTemplate


def read(fields: Fields) -> Record:
    return Record(fields.name("outcome"), fields.value_template("value"))
