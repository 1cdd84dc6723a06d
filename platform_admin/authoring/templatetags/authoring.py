"""What the authoring templates need beyond Django's own filters."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import template

from flow_engine.vocabulary import JSON

register = template.Library()


@register.filter
def entry(mapping: Mapping[str, object], key: str) -> object:
    """The value under a key that is only known while the page is made."""
    return mapping.get(key)


@register.filter
def as_words(value: JSON) -> str:
    """A text as it is, a list with commas, nothing as a dash; anything else as JSON."""
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(as_words(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
