"""``Industry``: one template, in an edition for each language that a business may be run in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from platform_admin.authoring.first_day.edition import Edition

_FOR_ANYONE: Final = "en"
"""What a business gets whose language no edition is in: the language most of them can read and translate from."""


@dataclass(frozen=True, slots=True)
class Industry:
    name: str
    title: str | Promise
    summary: str | Promise
    editions: tuple[Edition, ...]

    def edition_for(self, language: str) -> Edition:
        """The one in ``language`` (a BCP 47 tag), whatever its region, else the English one."""
        by_language = {edition.language: edition for edition in self.editions}
        return by_language.get(language.partition("-")[0].lower()) or by_language[_FOR_ANYONE]
