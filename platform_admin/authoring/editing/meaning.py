"""What each edit comes to: the changes it is made of, in order."""

from __future__ import annotations

from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.change import AddKey, Change, CopyKey, Insert, Put, RenameKey, Take, holder_of
from platform_admin.authoring.editing.edit import (
    AddStep,
    DeleteStep,
    DuplicateStep,
    Edit,
    InsertItem,
    MoveItem,
    RemoveValue,
    RenameStep,
    SetValue,
)
from platform_admin.authoring.editing.errors import EditError, StaleEditError
from platform_admin.authoring.editing.steps import (
    SUB_FLOW_MARK,
    place_of,
    references_to,
    require_free,
    require_step,
)
from platform_admin.changes.step_title import step_title


def changes_of(edit: Edit, document: JSON) -> tuple[Change, ...]:
    """The changes. Raises ``EditError`` when the document does not take the edit."""
    match edit:
        case SetValue():
            return (Put(edit.path, edit.value),)
        case RemoveValue():
            return (Take(edit.path),)
        case InsertItem():
            return (_insert(edit, document),)
        case MoveItem():
            return _move(edit, document)
        case AddStep():
            require_free(document, edit.name)
            return (AddKey(place_of(edit.name), dict(edit.value), edit.after),)
        case RenameStep():
            return _rename(edit, document)
        case DuplicateStep():
            require_step(document, edit.name)
            require_free(document, _beside(edit.name, edit.to))
            return (CopyKey(place_of(edit.name), edit.to),)
        case DeleteStep():
            return _delete(edit, document)
        case _:
            assert_never(edit)


def _insert(edit: InsertItem, document: JSON) -> Change:
    holder, last = holder_of(document, edit.path)
    if isinstance(holder, dict) and last not in holder:
        return Put(edit.path, [edit.value])
    return Insert((*edit.path, edit.index), edit.value)


def _move(edit: MoveItem, document: JSON) -> tuple[Change, ...]:
    holder, index = holder_of(document, (*edit.path, edit.index))
    if not isinstance(holder, list) or max(edit.index, edit.to) >= len(holder):
        raise StaleEditError(_("The list has changed meanwhile; nothing was moved."))
    value = holder[edit.index]
    return (Take((*edit.path, index)), Insert((*edit.path, edit.to), value))


def _rename(edit: RenameStep, document: JSON) -> tuple[Change, ...]:
    require_step(document, edit.name)
    if edit.to == edit.name.rpartition(SUB_FLOW_MARK)[2]:
        return ()
    require_free(document, _beside(edit.name, edit.to))
    follow = (Put(reference.path, edit.to) for reference in references_to(document, edit.name))
    remember = _remembered(edit, document) if edit.keep_people else ()
    return (*follow, RenameKey(place_of(edit.name), edit.to), *remember)


def _remembered(edit: RenameStep, document: JSON) -> tuple[Change, ...]:
    if isinstance(document, dict) and "renamed_states" in document:
        return (Put(("renamed_states", edit.name), edit.to),)
    return (Put(("renamed_states",), {edit.name: edit.to}),)


def _delete(edit: DeleteStep, document: JSON) -> tuple[Change, ...]:
    require_step(document, edit.name)
    place = place_of(edit.name)
    leading = [found for found in references_to(document, edit.name) if found.path[: len(place)] != place]
    if not leading:
        return (Take(place),)
    if edit.instead is None:
        raise EditError(
            ngettext(
                "%(count)s place leads to %(step)s. Say where it should lead instead.",
                "%(count)s places lead to %(step)s. Say where they should lead instead.",
                len(leading),
            )
            % {"count": len(leading), "step": step_title(edit.name)}
        )
    if edit.instead == edit.name:
        raise EditError(_("A step that is deleted cannot be led to."))
    require_step(document, edit.instead)
    target = edit.instead.rpartition(SUB_FLOW_MARK)[2]
    return (*(Put(found.path, target) for found in leading), Take(place))


def _beside(name: str, other: str) -> str:
    """``other`` in the same flow or sub-flow as ``name``."""
    flow, mark, _ = name.rpartition(SUB_FLOW_MARK)
    return f"{flow}{mark}{other}"
