from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """``set_language``: the contact's language from here on. What renders to no language tag changes nothing."""

    kind: ClassVar[str] = "set_language"

    language: Template


def read(fields: Fields) -> SetLanguage:
    return SetLanguage(fields.template("language"))
