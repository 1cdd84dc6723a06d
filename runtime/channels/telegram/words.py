"""What the channel itself has to say: the captions of its own buttons. Everything else is the flow's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """``send_location`` and ``send_number`` stand on buttons; ``chosen`` leads the title of what was tapped."""

    send_location: str
    send_number: str
    chosen: str = "✓ "


_WORDS: Final[Mapping[str, Words]] = {
    "en": Words(send_location="📍 Send my location", send_number="📱 Send my phone number"),
    "es": Words(send_location="📍 Enviar mi ubicación", send_number="📱 Enviar mi número de teléfono"),
}
_DEFAULT: Final = "en"


def words_in(language: str) -> Words:
    """The words in a language (BCP 47); English where there are none."""
    return _WORDS.get(language.partition("-")[0].lower(), _WORDS[_DEFAULT])
