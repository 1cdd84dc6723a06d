"""The base of every construct of the language, and the kinds of text its keys hold."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

MAX_DURATION_SECONDS: Final = 366 * 86_400
"""A year: nobody waits longer for an answer in a chat."""

LANGUAGE_VERSION: Final = 1
"""The version this engine reads. A higher one comes with a migration from this one."""


class Construct(BaseModel):
    """A mapping of the document: frozen, and no key beyond those declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


type Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
"""The name of a state, task or connector: no spaces at either end."""

type StateName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\s@](.*\S)?$")]
"""The name of a state: no spaces at either end, and no @ first, which marks the words that stand for a target."""

type FlowName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\s@/]([^/]*[^\s/])?$")]
"""The name of a sub-flow: as that of a state, and without a slash, which stands between flow and state."""

type Target = Name
"""A state, or ``@back``, ``@restart``, ``@return`` or ``@end``."""

type DataName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\W\d]\w*$")]
"""A name in ``data``, as an expression can spell it: letters, digits and _, no digit first."""

type DataPath = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")]
"""A name in ``data``, or names with dots between them: ``day.slots``."""

type Payload = Annotated[str, StringConstraints(min_length=1, max_length=256)]
"""What a tap sends back. 256 characters is what WhatsApp carries for a button."""

type Text = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
"""A text for people, with or without ``{{ … }}``."""

type LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A language: ``es``, ``es-MX``."""


def _form(value: object) -> str:
    return TEXT_FORMS[1] if isinstance(value, dict) else TEXT_FORMS[0]


TEXT_FORMS: Final = ("one text", "a text for each language")
"""The two forms of a ``LocalisedText``; pydantic puts them into the path of a fault, where nobody wrote them."""

type LocalisedText = Annotated[
    Annotated[Text, Tag(TEXT_FORMS[0])] | Annotated[dict[LanguageTag, Text], Field(min_length=1), Tag(TEXT_FORMS[1])],
    Discriminator(_form),
]
"""What customers read: one text, or one for each language, ``{es: "Hola", en: "Hello"}``."""

PARAMETER_FORMS: Final = ("a list of parameters", "named parameters")
"""The two forms of a template's parameters, as ``TEXT_FORMS``."""

type TemplateName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,512}$")]
"""The name of an approved template: small letters, digits and _ (Meta's rule)."""


def _degrees(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        raise PydanticCustomError("degrees", "degrees are a number, or a template that becomes one")
    return value


type Degrees = Annotated[float | str, PlainValidator(_degrees, json_schema_input_type=float | Text)]
"""A latitude or longitude, or a template that becomes one."""

type Expression = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
"""A condition, without braces around it."""

type Flag = StrictBool
"""``true`` or ``false``; 1 and "yes" are refused."""


def _seconds(value: object) -> object:
    """``"30m"`` as seconds; anything else as it is, for the type to judge."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("duration", "a duration is a number and s, m, h or d")
    return int(match[1]) * _UNITS[match[2]]


_DURATION: Final = re.compile(r"([1-9][0-9]{0,5})([smhd])", re.ASCII)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

type Duration = Annotated[
    int,
    BeforeValidator(_seconds, json_schema_input_type=Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}[smhd]$")]),
    Field(le=MAX_DURATION_SECONDS),
]
"""A length of time: ``45s``, ``30m``, ``2h``, ``3d``; at most a year. Normalised to seconds."""


def _clock(value: str) -> str:
    if _CLOCK.fullmatch(value) is None:
        raise PydanticCustomError("clock", "a time of day is HH:MM")
    return value


_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)

type Clock = Annotated[str, AfterValidator(_clock)]
"""A time of day in the tenant's zone, ``HH:MM``."""

type Seconds = Annotated[StrictInt, Field(ge=1)]
"""A whole number of seconds."""


class ActionConstruct(Construct):
    """An action. It is left out, and the next one follows, when the condition ``when`` does not hold."""

    when: Expression | None = None
