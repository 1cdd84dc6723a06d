from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template, ValueTemplate
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendLocation:
    """``send_location``: show a place on the map. Emits one ``SendMessage``.

    Degrees that render to no number leave the name and the address, as a text.
    """

    kind: ClassVar[str] = "send_location"

    latitude: ValueTemplate
    longitude: ValueTemplate
    name: Template | None
    address: Template | None


def read(fields: Fields) -> SendLocation:
    return SendLocation(
        latitude=fields.value_template("latitude"),
        longitude=fields.value_template("longitude"),
        name=fields.optional_template("name"),
        address=fields.optional_template("address"),
    )
