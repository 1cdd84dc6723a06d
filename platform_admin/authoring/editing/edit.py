"""``Edit``: what a view of the editor may ask for, as data.

As JSON each is an object with ``do`` and the fields under their own names::

    {"do": "set_value", "path": ["states", "MENU", "fallback"], "value": "MENU"}
    {"do": "rename_step", "name": "MENU", "to": "START"}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictInt, StrictStr, StringConstraints, TypeAdapter
from pydantic import ValidationError as PydanticValidationError

from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.errors import EditError

type Path = tuple[str | int, ...]
"""Keys and indexes from the root of the document."""

MAX_PATH = 32
"""The reader's own depth limit."""

NAME_PATTERN = r"^[\p{L}_][\p{L}\p{M}\p{N}_-]{0,63}$"
"""Of what the language takes for the name of a state: letters of any script, so that a title keeps its accents."""

type _Path = Annotated[tuple[StrictStr | StrictInt, ...], Field(max_length=MAX_PATH)]
type StepName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SetValue(_Edit):
    """Write ``value`` at ``path``; a key that is not there yet is added to its mapping."""

    do: Literal["set_value"] = "set_value"
    path: _Path
    value: JsonValue


class RemoveValue(_Edit):
    """Take a key with its value, or an item, out."""

    do: Literal["remove_value"] = "remove_value"
    path: _Path


class InsertItem(_Edit):
    """Put ``value`` into the list at ``path`` before the item ``index``; a list that is not there yet is made."""

    do: Literal["insert_item"] = "insert_item"
    path: _Path
    index: Annotated[StrictInt, Field(ge=0)]
    value: JsonValue


class MoveItem(_Edit):
    """Take the item ``index`` of the list at ``path`` to the place ``to``."""

    do: Literal["move_item"] = "move_item"
    path: _Path
    index: Annotated[StrictInt, Field(ge=0)]
    to: Annotated[StrictInt, Field(ge=0)]


class AddStep(_Edit):
    """A new step behind ``after`` (the last one without it)."""

    do: Literal["add_step"] = "add_step"
    name: StepName
    value: dict[str, JsonValue]
    after: str | None = None


class RenameStep(_Edit):
    """Everything that leads to the step follows; ``keep_people`` keeps the old name for whoever stands there now."""

    do: Literal["rename_step"] = "rename_step"
    name: str
    to: StepName
    keep_people: bool = False


class DuplicateStep(_Edit):
    """A copy behind the step, comments included; nothing leads to it yet."""

    do: Literal["duplicate_step"] = "duplicate_step"
    name: str
    to: StepName


class DeleteStep(_Edit):
    """Take a step out. What led to it leads to ``instead``; without one, a step that is still led to is refused."""

    do: Literal["delete_step"] = "delete_step"
    name: str
    instead: str | None = None


type Edit = SetValue | RemoveValue | InsertItem | MoveItem | AddStep | RenameStep | DuplicateStep | DeleteStep

_READER: TypeAdapter[Edit] = TypeAdapter(Annotated[Edit, Field(discriminator="do")])


@dataclass(frozen=True, slots=True)
class Reference:
    """A place of the document that names a step."""

    path: Path
    name: str


def read_edit(value: JSON) -> Edit:
    """One edit from its JSON. Raises ``EditError`` for anything that is none."""
    try:
        return _READER.validate_python(value)
    except PydanticValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EditError(f"This edit cannot be read: {place}: {first['msg']}.") from error
