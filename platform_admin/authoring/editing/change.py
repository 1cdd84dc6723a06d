"""``Change``: the few things that ever happen to a document. Every edit comes to some of these.

``make`` says what a change means, on plain JSON or on any tree that behaves like it. Nothing here knows YAML.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.edit import Path
from platform_admin.authoring.editing.errors import StaleEditError


@dataclass(frozen=True, slots=True)
class Put:
    """``value`` under a key (new or not), or in the place of an item."""

    path: Path
    value: JSON


@dataclass(frozen=True, slots=True)
class Take:
    """The key or the item goes."""

    path: Path


@dataclass(frozen=True, slots=True)
class Insert:
    """``value`` becomes the item at ``path``, whose last part is its index."""

    path: Path
    value: JSON


@dataclass(frozen=True, slots=True)
class AddKey:
    """A new key behind the sibling ``after``, or last."""

    path: Path
    value: JSON
    after: str | None = None


@dataclass(frozen=True, slots=True)
class CopyKey:
    """The value at ``path`` once more, under ``key``, right behind."""

    path: Path
    key: str


@dataclass(frozen=True, slots=True)
class RenameKey:
    """The key that ``path`` ends in becomes ``key``; its place among its siblings stays."""

    path: Path
    key: str


type Change = Put | Take | Insert | AddKey | CopyKey | RenameKey


def make(root: JSON, change: Change) -> None:
    """The change in place. Mappings and lists may be any implementation (ruamel's keep comments).

    Raises:
        StaleEditError: there is no such place.
    """
    holder, last = holder_of(root, change.path)
    match change:
        case Put(_, value):
            _put(holder, last, value)
        case Take():
            _existing(holder, last)
            del holder[last]  # type: ignore[arg-type, union-attr] # _existing has looked
        case Insert(_, value):
            _insert(holder, last, value)
        case AddKey(_, value, after):
            _add_key(holder, last, value, after)
        case CopyKey(_, key):
            _add_key(holder, key, deepcopy(_existing(holder, last)), str(last))
        case RenameKey(_, key):
            _rename(holder, last, key)
        case _:
            assert_never(change)


def with_change(document: JSON, change: Change) -> JSON:
    """``document``, plain JSON, with the change made; it stays itself, and what has not changed is shared with it.

    Raises:
        StaleEditError: there is no such place.
    """
    changed = _loose(document)
    here = changed
    for part in change.path[:-1]:
        inner = _loose(_existing(here, part))
        here[part] = inner  # type: ignore[index] # _existing has looked
        here = inner
    make(changed, change)
    return changed


def _loose(value: JSON) -> JSON:
    """The mapping or list anew, its members the same."""
    match value:
        case dict():
            return dict(value)
        case list():
            return list(value)
        case _:
            return value


def holder_of(root: JSON, path: Path) -> tuple[JSON, str | int]:
    """The mapping or list that the last part of ``path`` is looked up in, and that part."""
    if not path:
        raise StaleEditError(_("The whole document is no place to edit."))
    here = root
    for part in path[:-1]:
        here = _existing(here, part)
    return here, path[-1]


def _existing(holder: JSON, part: str | int) -> JSON:
    if isinstance(holder, dict) and part in holder:
        return holder[str(part)]
    if isinstance(holder, list) and isinstance(part, int) and 0 <= part < len(holder):
        return holder[part]
    raise StaleEditError(_("This part of the conversation is not there any more; somebody may have changed it."))


def _put(holder: JSON, last: str | int, value: JSON) -> None:
    if isinstance(holder, dict) and isinstance(last, str):
        holder[last] = value
    else:
        _existing(holder, last)
        holder[last] = value  # type: ignore[index] # _existing has looked


def _insert(holder: JSON, index: str | int, value: JSON) -> None:
    if not isinstance(holder, list) or not isinstance(index, int) or index > len(holder):
        raise StaleEditError(_("The list has changed meanwhile; nothing was put into it."))
    holder.insert(index, value)


def _add_key(holder: JSON, key: str | int, value: JSON, after: str | None) -> None:
    if not isinstance(holder, dict):
        raise StaleEditError(_("There is nothing here that could hold a new part."))
    keys = list(holder)
    where = keys.index(after) + 1 if after in keys else len(keys)
    _reordered(holder, where, str(key), value)


def _rename(holder: JSON, last: str | int, key: str) -> None:
    value = _existing(holder, last)
    if not isinstance(holder, dict):
        raise StaleEditError(_("An item of a list has no name."))
    where = list(holder).index(str(last))
    del holder[str(last)]
    _reordered(holder, where, key, value)


def _reordered(holder: dict[str, JSON], where: int, key: str, value: JSON) -> None:
    insert: Callable[[int, str, JSON], None] | None = getattr(holder, "insert", None)
    if insert is not None:  # ruamel's mapping knows places
        insert(where, key, value)
        return
    items = list(holder.items())
    items.insert(where, (key, value))
    holder.clear()
    holder.update(items)
