"""Outputs that are no choice: media, places, requests, links, reactions and templates within a channel's limits.

A channel that does not have the kind gets the same in words: the address of a file, a link to a map, the bare question.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.graphemes import cut
from flow_engine.outputs.output import (
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Parameter,
    Reaction,
    Template,
)
from flow_engine.outputs.shaping.changes import DegradationKind, Notes, Shaped
from flow_engine.outputs.shaping.texts import (
    cut_label,
    drop_blank,
    is_blank,
    join_paragraphs,
    part_body,
    shape_frame,
    shape_text,
    text_with_link,
)
from flow_engine.vocabulary import MediaType

MAP_LINK: Final = "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
"""Opens the map on any phone (developers.google.com/maps/documentation/urls)."""

BLANK_PARAMETER: Final = "–"
"""A blank that nothing fills; WhatsApp refuses an empty one and with it the whole message."""


def is_link(url: str, limits: Capabilities) -> bool:
    """Whether a channel can open ``url``. Anything but a web address is refused by all of them."""
    scheme, separator, rest = url.partition("://")
    return bool(separator and rest) and scheme in ("https", "http") and len(url) <= limits.url_chars and not _gaps(url)


def _gaps(url: str) -> bool:
    return not url.isprintable() or " " in url


def is_place(location: Location) -> bool:
    """Whether there is such a point; a number that is not finite is none."""
    return math.isfinite(location.latitude) and abs(location.latitude) <= 90 and abs(location.longitude) <= 180  # noqa: PLR2004  # degrees


def shape_media(media: Media, limits: Capabilities, notes: Notes) -> Shaped:
    caption = drop_blank(media.caption, notes)
    if not is_link(media.url, limits):
        notes.add(DegradationKind.LINK_UNUSABLE)
        return shape_text(caption or "", limits, notes)
    if media.media_type not in limits.media_types:
        notes.add(DegradationKind.MEDIA_TO_TEXT)
        return text_with_link(caption or "", media.url, limits, notes)
    before: Shaped = ()
    if caption is not None and media.media_type not in limits.captioned:
        notes.add(DegradationKind.CAPTION_MOVED)
        before, caption = shape_text(caption, limits, notes), None
    elif caption is not None:
        before, caption = part_body(caption, limits.caption_chars, limits, notes)
    return (*before, replace(media, caption=caption, filename=_shape_filename(media, limits, notes)))


def _shape_filename(media: Media, limits: Capabilities, notes: Notes) -> str | None:
    """Only a document shows its name. A long one keeps its ending, by which phones choose the program."""
    if media.media_type is not MediaType.DOCUMENT:
        return media.filename
    name = drop_blank(media.filename, notes)
    if name is None or len(name) <= limits.filename_chars:
        return name
    notes.add(DegradationKind.FILENAME_CUT)
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > limits.filename_chars // 2:
        return cut(name, limits.filename_chars)
    return f"{cut(stem, limits.filename_chars - len(ending) - 1)}{dot}{ending}"


def shape_location(location: Location, limits: Capabilities, notes: Notes) -> Shaped:
    name, address = drop_blank(location.name, notes), drop_blank(location.address, notes)
    words = "\n".join(part for part in (name, address) if part)
    if not is_place(location):
        notes.add(DegradationKind.LOCATION_UNUSABLE)
        return shape_text(words, limits, notes)
    if not limits.locations:
        notes.add(DegradationKind.LOCATION_TO_TEXT)
        link = MAP_LINK.format(latitude=location.latitude, longitude=location.longitude)
        return text_with_link(words, link, limits, notes)
    return (_cut_place(replace(location, name=name, address=address), limits, notes),)


def _cut_place(location: Location, limits: Capabilities, notes: Notes) -> Location:
    most, kind = limits.place_chars, DegradationKind.PLACE_CUT
    name, address = drop_blank(location.name, notes), drop_blank(location.address, notes)
    return replace(
        location,
        name=None if name is None else cut_label(name, most, kind, notes),
        address=None if address is None else cut_label(address, most, kind, notes),
    )


def shape_location_request(request: LocationRequest, limits: Capabilities, notes: Notes) -> Shaped:
    if limits.location_requests and not is_blank(request.body):
        before, body = part_body(request.body, limits.body_chars, limits, notes)
        return (*before, LocationRequest(body))
    notes.add(DegradationKind.REQUEST_TO_TEXT)
    return shape_text(request.body, limits, notes)


def shape_contact_info_request(request: ContactInfoRequest, limits: Capabilities, notes: Notes) -> Shaped:
    if limits.contact_info_requests and not is_blank(request.body):
        before, body = part_body(request.body, limits.body_chars, limits, notes)
        return (*before, ContactInfoRequest(body))
    notes.add(DegradationKind.REQUEST_TO_TEXT)
    return shape_text(request.body, limits, notes)


def shape_link_button(message: LinkButton, limits: Capabilities, notes: Notes) -> Shaped:
    if not is_link(message.url, limits):
        notes.add(DegradationKind.LINK_UNUSABLE)
        return shape_text(join_paragraphs(message.header, message.body, message.footer), limits, notes)
    if not limits.link_buttons or is_blank(message.title):
        notes.add(DegradationKind.LINK_BUTTON_TO_TEXT)
        title = "" if is_blank(message.title) else f"{message.title}:"
        words = join_paragraphs(message.header, message.body, message.footer, title)
        return text_with_link(words, message.url, limits, notes)
    header, body, footer = shape_frame(message.header, message.body, message.footer, limits, notes)
    before, body = part_body(body, limits.body_chars, limits, notes)
    title = cut_label(message.title, limits.link_title_chars, DegradationKind.TITLE_CUT, notes)
    return (*before, LinkButton(body, title, message.url, header, footer))


def shape_reaction(reaction: Reaction, limits: Capabilities, notes: Notes) -> Shaped:
    """Where nothing can be reacted to, the emoji is the answer; to take one away says nothing."""
    if limits.reactions and not is_blank(reaction.message_id):
        return (reaction,)
    if not is_blank(reaction.emoji):
        notes.add(DegradationKind.REACTION_TO_TEXT)
    return shape_text(reaction.emoji, limits, notes)


def shape_template(template: Template, limits: Capabilities, notes: Notes) -> Shaped:
    """What fills the blanks, as the channel takes it. Only for a channel that has templates."""
    parameters = tuple(_shape_parameter(parameter, limits, notes) for parameter in template.parameters)
    header, place = template.header, template.location
    if header is not None:
        header = _shape_parameter(Parameter(header, "header"), limits, notes).text
    if place is not None:
        place = _cut_place(place, limits, notes)
    return (replace(template, parameters=parameters, header=header, location=place),)


def _shape_parameter(parameter: Parameter, limits: Capabilities, notes: Notes) -> Parameter:
    """One line, as WhatsApp demands of what fills a blank (error 132018), and never empty."""
    text, subject = parameter.text, parameter.name or ""
    if is_blank(text):
        notes.add(DegradationKind.EMPTY_FILLED, subject)
        return replace(parameter, text=BLANK_PARAMETER)
    if not is_one_line(text):
        notes.add(DegradationKind.PARAMETER_JOINED, subject)
        text = " ".join(text.split())
    return replace(
        parameter, text=cut_label(text, limits.parameter_chars, DegradationKind.PARAMETER_CUT, notes, subject)
    )


def is_one_line(text: str) -> bool:
    return bool(text) and text == text.strip() and "    " not in text and not any(mark in text for mark in "\n\r\t")
