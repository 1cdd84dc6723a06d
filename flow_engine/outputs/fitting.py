"""Whether an output can be sent as it is. Most can, so this is on the path of every message and written for speed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.output import (
    Buttons,
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Option,
    OptionList,
    Output,
    Reaction,
    Template,
    Text,
)
from flow_engine.outputs.shaping.cards import is_link, is_one_line, is_place
from flow_engine.vocabulary import MediaType


def fits(output: Output, limits: Capabilities) -> bool:
    """Whether ``output`` keeps every limit of the channel."""
    match output:
        case Text(body):
            return len(body) <= limits.text_chars and bool(body) and not body.isspace()
        case Buttons():
            return _frame_fits(output, limits) and _buttons_fit(output, limits)
        case OptionList():
            button = output.button
            return (
                _frame_fits(output, limits)
                and len(button) <= limits.list_button_chars
                and not button.isspace()
                and bool(button)
                and _rows_fit(output, limits)
            )
        case _:
            return _card_fits(output, limits)


def _card_fits(
    output: Media | Location | LocationRequest | ContactInfoRequest | LinkButton | Reaction | Template,
    limits: Capabilities,
) -> bool:
    match output:
        case Media():
            return _media_fits(output, limits)
        case Location(_, _, name, address):
            most = limits.place_chars
            return limits.locations and is_place(output) and _label_fits(name, most) and _label_fits(address, most)
        case LocationRequest(body):
            return limits.location_requests and _label_fits(body, limits.body_chars)
        case ContactInfoRequest(body):
            return limits.contact_info_requests and _label_fits(body, limits.body_chars)
        case LinkButton(_, title, url):
            return (
                limits.link_buttons
                and _frame_fits(output, limits)
                and _label_fits(title, limits.link_title_chars)
                and is_link(url, limits)
            )
        case Reaction():
            return limits.reactions and bool(output.message_id.strip())
        case Template():
            most, header = limits.parameter_chars, output.header
            return (
                limits.templates
                and all(is_one_line(parameter.text) and len(parameter.text) <= most for parameter in output.parameters)
                and (header is None or (is_one_line(header) and len(header) <= most))
            )
        case _:
            assert_never(output)


def _media_fits(media: Media, limits: Capabilities) -> bool:
    kind, caption, name = media.media_type, media.caption, media.filename
    return (
        kind in limits.media_types
        and is_link(media.url, limits)
        and (caption is None or (kind in limits.captioned and _label_fits(caption, limits.caption_chars)))
        and (name is None or kind is not MediaType.DOCUMENT or _label_fits(name, limits.filename_chars))
    )


def _label_fits(label: str | None, most: int) -> bool:
    return label is None or (0 < len(label) <= most and not label.isspace())


def _frame_fits(output: Buttons | OptionList | LinkButton, limits: Capabilities) -> bool:
    body, header, footer = output.body, output.header, output.footer
    return (
        0 < len(body) <= limits.body_chars
        and not body.isspace()
        and (header is None or _label_fits(header, limits.header_chars))
        and (footer is None or _label_fits(footer, limits.footer_chars))
    )


def _buttons_fit(output: Buttons, limits: Capabilities) -> bool:
    buttons = output.buttons
    return (
        0 < len(buttons) <= limits.max_buttons
        and _options_fit(buttons, limits.button_title_chars, limits.button_id_chars, limits)
        and len({button.title for button in buttons}) == len(buttons)
    )


def _rows_fit(output: OptionList, limits: Capabilities) -> bool:
    sections = output.sections
    if len(sections) == 1:
        rows = sections[0].rows
    else:
        rows = tuple([row for section in sections for row in section.rows])
        if not all(section.title and section.rows for section in sections):
            return False
    return (
        0 < len(rows) <= limits.max_rows
        and all(_label_fits(section.title, limits.section_title_chars) for section in sections)
        and _options_fit(rows, limits.row_title_chars, limits.row_id_chars, limits)
        and _descriptions_fit(rows, limits.row_description_chars)
    )


def _descriptions_fit(rows: Sequence[Option], most: int) -> bool:
    descriptions = [row.description for row in rows if row.description is not None]
    return not descriptions or all(_label_fits(description, most) for description in descriptions)


def _options_fit(options: Sequence[Option], title_chars: int, id_chars: int, limits: Capabilities) -> bool:
    """Each rule over all options at once, which takes half the time of one option after the other (measured)."""
    ids = [option.id for option in options]
    titles = [option.title for option in options]
    if not (all(ids) and all(titles)) or any(map(str.isspace, titles)):
        return False
    if max(map(len, titles)) > title_chars or max(map(len, ids)) > id_chars or len(set(ids)) < len(ids):
        return False
    together = "".join(ids)
    if together.isascii() and together.isprintable() and " " not in together:
        return True  # no blank anywhere, and bytes are characters
    return all(
        option_id.strip() == option_id
        and not (limits.ids_in_bytes and len(option_id.encode("utf-8", "replace")) > id_chars)
        for option_id in ids
    )
