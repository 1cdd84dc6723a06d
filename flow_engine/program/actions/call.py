from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import ValueTemplate
from flow_engine.program.computed import check_data_name
from flow_engine.program.reading import Fields
from flow_engine.program.transition import read_set_data


@dataclass(frozen=True, slots=True)
class Call:
    """``call``: enter the sub-flow ``flow`` with ``inputs`` as its data.

    The list goes on after this action when the sub-flow ends; then each name in ``outputs`` takes the sub-flow's value
    of the name it stands for.
    """

    kind: ClassVar[str] = "call"

    flow: str
    inputs: Mapping[str, ValueTemplate]
    outputs: Mapping[str, str]


def read(fields: Fields) -> Call:
    outputs = fields.optional_child("outputs")
    names = () if outputs is None else tuple(outputs.keys())
    for name in names:
        check_data_name(fields, "outputs", name)
    return Call(
        flow=fields.name("flow"),
        inputs=read_set_data(fields, "inputs"),
        outputs={} if outputs is None else {name: outputs.name(name) for name in names},
    )
