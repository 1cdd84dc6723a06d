"""What the bot says, before any channel shapes it: a closed union of frozen values.

Limits of a channel are not known here; ``degradation`` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. ``id`` comes back as the payload and is never cut or changed."""

    id: str
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of list rows. A list with one section needs no title."""

    rows: tuple[Option, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A plain text message."""

    body: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """A text with reply buttons under it (WhatsApp: at most three)."""

    body: str
    buttons: tuple[Option, ...]
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class OptionList:
    """A text with a list that opens on a tap (WhatsApp: at most ten rows in all).

    ``button`` is the caption of the tap target that opens the list.
    """

    body: str
    button: str
    sections: tuple[Section, ...]
    header: str | None = None
    footer: str | None = None


type Output = Text | Buttons | OptionList
