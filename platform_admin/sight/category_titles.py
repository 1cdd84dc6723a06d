"""What people call the categories that a business connects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CATEGORY_TITLES: Final[Mapping[str, str | Promise]] = {
    "calendar": _("Calendar"),
    "llm": _("Free questions"),
    "notification": _("Notices to the team"),
}
"""What every business may connect; a flow's own categories come from its settings."""


def category_title(category: str) -> str:
    """In the reader's language; a flow's own category has the name that its author gave it."""
    return str(CATEGORY_TITLES.get(category, category))
