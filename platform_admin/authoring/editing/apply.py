"""``apply``: an edit into a text, proven by reading the result; ``foresee``: what it would mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from flow_engine.language.yaml_reader import YAMLReading
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.change import Change, with_change
from platform_admin.authoring.editing.edit import Edit
from platform_admin.authoring.editing.errors import EditError
from platform_admin.authoring.editing.meaning import changes_of
from platform_admin.authoring.editing.source import read_source
from platform_admin.authoring.editing.writing import splice_all, write, write_whole


def apply(text: str, edit: Edit) -> str:
    """The text with the edit made; everything the edit does not speak of stays as it was written.

    Raises:
        EditError: the text cannot be read, or does not take the edit. Nothing has changed then.
    """
    source = _read(text)
    changes = changes_of(edit, source.value)
    spliced = splice_all(text, source, changes)
    if spliced is not None and _means(spliced, _after(source.value, changes)):
        return spliced
    for change in changes:
        text = _written(text, source, change)
        source = _read(text)
    return text


def foresee(text: str, edits: Sequence[Edit]) -> YAMLReading:
    """What the text would mean with the edits made, without writing it; the places in it are those of ``text``.

    Raises:
        EditError: as ``apply``.
    """
    source = _read(text)
    document = source.value
    for edit in edits:
        for change in changes_of(edit, document):
            document = with_change(document, change)
    return replace(source, value=document)


def _written(text: str, source: YAMLReading, change: Change) -> str:
    expected = _after(source.value, (change,))
    ways: tuple[Callable[[], str], ...] = (
        lambda: write(text, source, change),
        lambda: write_whole(text, change),
    )
    for way in ways:
        candidate = way()
        if _means(candidate, expected):
            return candidate
    raise EditError(_("This change cannot be written into the text. Make it in the YAML view."))


def _after(document: JSON, changes: tuple[Change, ...]) -> str:
    """The document with the changes made, in a spelling that tells order and kinds of values apart."""
    for change in changes:
        document = with_change(document, change)
    return json.dumps(document)


def _means(text: str, expected: str) -> bool:
    after = read_source(text)
    return after.readable and not after.faults and json.dumps(after.value) == expected


def _read(text: str) -> YAMLReading:
    source = read_source(text)
    if source.faults or not source.readable:
        line = source.faults[0].position.line
        raise EditError(_("The text has a mistake in line %(line)s; mend it in the YAML view first.") % {"line": line})
    return source
