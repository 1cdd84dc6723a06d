"""The languages that a flow says it speaks."""

from __future__ import annotations

import re
from typing import Final

from flow_engine.validation.outline import Outline

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def is_tag(text: str) -> bool:
    """Whether ``text`` has the form of a language tag: ``es``, ``es-MX``."""
    return _TAG.fullmatch(text) is not None


def languages_of(outline: Outline) -> list[str]:
    """The tags under ``languages``, in their order; none where nothing is said."""
    declared = outline.root.members.get("languages")
    return [tag for tag in declared if isinstance(tag, str)] if isinstance(declared, list) else []
