"""A form over what more than one person edits: it knows which revision its page showed."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON
from platform_admin.documents.conflict import refuse_if_changed
from platform_admin.documents.json_field import Indented
from platform_admin.errors import EditConflictError

_OPENED = "opened_revision"


class RevisedForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs only
    """Refuses what was written over a revision that is not the stored one; the page then shows both texts.

    What was typed stays in its fields, and they are over the revision that is shown beside them from then on: who has
    seen the other text and saves once more means it.
    """

    opened_revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    conflict: EditConflictError | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial[_OPENED] = self.instance.revision

    def stored_text(self) -> JSON:
        """What is stored, as the other person wrote it."""
        raise NotImplementedError

    def theirs(self) -> str:
        """What the other person saved, to be read and copied; empty without a conflict."""
        stored = "" if self.conflict is None else self.conflict.theirs
        return stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False, cls=Indented)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opened = cleaned.get(_OPENED)
        if opened is None or opened > self.instance.revision:
            self.add_error(
                None,
                _("This page does not say what it showed you. Nothing was saved: open it again and enter it anew."),
            )
            return cleaned
        try:
            refuse_if_changed(self.instance, over_revision=opened, theirs=self.stored_text())
        except EditConflictError as conflict:
            self.conflict = conflict
            self.add_error(None, conflict.message)
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix(_OPENED)] = str(conflict.revision)
            self.data = data
        return cleaned
