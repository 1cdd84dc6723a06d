"""Two people at one draft: the second is told who was faster, and keeps both texts."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flow_engine.vocabulary import JSON
from platform_admin.errors import EditConflictError

BY_COMMAND = "somebody with access to the server"


class Draft(Protocol):
    """Any of the drafts: what they have in common."""

    revision: int
    updated_at: datetime

    @property
    def updated_by(self) -> object:
        """A person or nobody."""


def refuse_if_changed(draft: Draft, *, over_revision: int | None, theirs: JSON) -> None:
    """Raise ``EditConflictError`` unless the draft is still what the writer started from (``None``: does not care)."""
    if over_revision is None or over_revision == draft.revision:
        return
    who = str(draft.updated_by or BY_COMMAND)
    raise EditConflictError(who=who, at=draft.updated_at, theirs=theirs, revision=draft.revision)
