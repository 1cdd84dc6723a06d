"""What the bot says, before any channel shapes it: a closed union of frozen values.

Limits of a channel are not known here; ``degradation`` applies them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON, MediaType


class Option(NamedTuple):
    """One thing to choose. ``id`` comes back as the payload and is never cut or changed.

    A tuple, because a list has ten of them, looked at column by column: ``ids, titles, descriptions = zip(*options)``
    (measured: making, checking and writing a list of ten took 9 µs of dataclasses, and takes 4 of tuples).
    """

    id: str
    title: str
    description: str | None = None


AS_OPTION: Final[Callable[[tuple[str, str, str | None]], Option]] = partial(tuple.__new__, Option)
"""``Option._make`` without a call of Python's own: a quarter of the time (measured)."""


@quick_init
@dataclass(frozen=True)
class Section:
    """A titled group of list rows. A list with one section needs no title."""

    rows: tuple[Option, ...]
    title: str | None = None


@quick_init
@dataclass(frozen=True)
class Text:
    """A plain text message."""

    body: str


@quick_init
@dataclass(frozen=True)
class Buttons:
    """A text with reply buttons under it (WhatsApp: at most three)."""

    body: str
    buttons: tuple[Option, ...]
    header: str | None = None
    footer: str | None = None


@quick_init
@dataclass(frozen=True)
class OptionList:
    """A text with a list that opens on a tap (WhatsApp: at most ten rows in all).

    ``button`` is the caption of the tap target that opens the list. A list with more rows than the channel shows goes
    out in pages; ``page`` counts from 1 and says which one the customer sees.
    """

    body: str
    button: str
    sections: tuple[Section, ...]
    header: str | None = None
    footer: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound, film, file or sticker found under ``url``. ``filename`` is shown for a document."""

    media_type: MediaType
    url: str
    caption: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees north and east (WGS 84)."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class LocationRequest:
    """A text with a button that sends the customer's position."""

    body: str


@dataclass(frozen=True, slots=True)
class ContactInfoRequest:
    """A text with a button that sends the customer's phone number."""

    body: str


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A text with a button that opens ``url``."""

    body: str
    title: str
    url: str
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on the customer's message ``message_id`` (the channel's id); an empty one takes it away."""

    message_id: str
    emoji: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """What fills one blank of a template. ``name`` is ``None`` where blanks are counted."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """What a template's form is opened with: ``token`` comes back with the answers, ``data`` is for its first page."""

    token: str | None = None
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """One button of a template, in the template's order; ``title`` is what it reads.

    ``id`` comes back as the payload of a quick reply; ``suffix`` fills the blank at the end of a link's address;
    ``code`` is what a tap copies; ``form`` is opened by it. With none of them the button is only shown.
    """

    title: str
    id: str | None = None
    suffix: str | None = None
    code: str | None = None
    form: TemplateForm | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A message that the channel has approved beforehand, with its blanks filled in order.

    ``language`` is the provider's code (``es``, ``en_US``). ``header`` fills the blank of a text header, ``media`` is
    the file of a media header, ``location`` the place of a map. ``text`` says the same where there are no templates or
    none is needed.
    """

    name: str
    language: str
    parameters: tuple[Parameter, ...] = ()
    text: str | None = None
    header: str | None = None
    media: Media | None = None
    buttons: tuple[TemplateButton, ...] = ()
    location: Location | None = None


type Output = (
    Text
    | Buttons
    | OptionList
    | Media
    | Location
    | LocationRequest
    | ContactInfoRequest
    | LinkButton
    | Reaction
    | Template
)
