"""Writes a migrated document into the text of the old one, so that comments and layout stay where they can.

What did not change keeps its place and its comments. What a migration took away goes, and so do the comments behind
it up to the next key; what it made is written plainly.
"""

from __future__ import annotations

import io
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from flow_engine.vocabulary import JSON, JSONObject

_WIDTH: Final = 120
"""Columns of the lines that are written."""


def rewrite(text: str, migrated: JSONObject) -> str:
    """``text``, a document in YAML, with ``migrated`` in place of what it says."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    written = io.StringIO()
    yaml.dump(_graft(document, migrated), written)
    return written.getvalue()


def _graft(old: object, new: JSON) -> object:
    """``new``, in the parts of ``old`` that say the same."""
    match old, new:
        case CommentedMap(), dict():
            _graft_map(old, new)
            return old
        case CommentedSeq(), list() if len(old) == len(new):
            for index, item in enumerate(new):
                old[index] = _graft(old[index], item)
            return old
        case _:
            return old if old == new else new


def _graft_map(old: CommentedMap, new: JSONObject) -> None:
    for key in [key for key in old if key not in new]:
        del old[key]
    for position, (key, value) in enumerate(new.items()):
        if key in old:
            old[key] = _graft(old[key], value)
        else:
            old.insert(position, key, value)
