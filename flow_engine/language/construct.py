"""The base of every construct of the language, and the kinds of text its keys hold."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

LANGUAGE_VERSION: Final = 1
"""The version this engine reads. A higher one comes with a migration from this one."""


class Construct(BaseModel):
    """A mapping of the document: frozen, and no key beyond those declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


type Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
"""The name of a state, task or connector: no spaces at either end."""

type DataName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\W\d]\w*$")]
"""A name in ``data``, as an expression can spell it: letters, digits and _, no digit first."""

type DataPath = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")]
"""A name in ``data``, or names with dots between them: ``day.slots``."""

type Payload = Annotated[str, StringConstraints(min_length=1, max_length=256)]
"""What a tap sends back. 256 characters is what WhatsApp carries for a button."""

type Text = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
"""A text for people, with or without ``{{ … }}``."""

type Expression = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
"""A condition, without braces around it."""

type Flag = StrictBool
"""``true`` or ``false``; 1 and "yes" are refused."""

type Seconds = Annotated[StrictInt, Field(ge=1)]
"""A whole number of seconds."""
