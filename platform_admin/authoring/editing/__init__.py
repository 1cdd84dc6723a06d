"""Edits of a conversation's YAML that change what was meant and nothing else: comments, order and quotes stay.

``apply(text, edit)`` gives the new text. What an edit means is said once, on plain JSON (``changes``); how it gets into
the text is a matter of splicing (``writing``). Every text is read again before it is handed out, and is what it should
be, or ``EditError`` is raised and the old text stands.

::

    EditError            the edit cannot be made; the message says why, in the author's words
    └── StaleEditError   what it speaks of is not in the text (any more)
"""

from __future__ import annotations

from platform_admin.authoring.editing.apply import apply, foresee
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
    read_edit,
)
from platform_admin.authoring.editing.errors import EditError, StaleEditError

__all__ = [
    "AddStep",
    "DeleteStep",
    "DuplicateStep",
    "Edit",
    "EditError",
    "InsertItem",
    "MoveItem",
    "RemoveValue",
    "RenameStep",
    "SetValue",
    "StaleEditError",
    "apply",
    "foresee",
    "read_edit",
]
