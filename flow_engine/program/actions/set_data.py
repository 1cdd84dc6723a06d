from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import ValueTemplate
from flow_engine.program.reading import Fields
from flow_engine.program.transition import read_set_data


@dataclass(frozen=True, slots=True)
class SetData:
    """``set_data``: write ``values``, all rendered before the first is written. In a task they are the task's own."""

    kind: ClassVar[str] = "set_data"

    values: Mapping[str, ValueTemplate]


def read(fields: Fields) -> SetData:
    return SetData(read_set_data(fields, "values"))
