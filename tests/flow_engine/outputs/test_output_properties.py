"""For any output: what leaves the engine fits the channel, no option gets lost, and no word that matters either."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.outputs.degradation import Words, degrade, options_of, shape
from flow_engine.outputs.graphemes import cut, split
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
    Section,
    Template,
    Text,
)
from flow_engine.outputs.shaping.paging import MORE
from tests.flow_engine.strategies import outputs

CHANNELS = read_capabilities()
WORDS = Words("Options", Option(MORE, "More …"))

# The channel with everything, made so narrow that short texts already break its limits.
CHANNELS["narrow"] = replace(  # type: ignore[index]  # a plain dict, made for this test
    CHANNELS["whatsapp"],
    text_chars=12,
    body_chars=8,
    header_chars=4,
    footer_chars=4,
    max_buttons=2,
    button_title_chars=4,
    button_id_chars=6,
    max_rows=3,
    row_title_chars=4,
    row_id_chars=6,
    row_description_chars=8,
    section_title_chars=3,
    list_button_chars=4,
    caption_chars=8,
    filename_chars=9,
    link_title_chars=4,
    place_chars=6,
    parameter_chars=5,
)


def label(text: str | None, most: int) -> bool:
    return text is None or (bool(text.strip()) and len(text) <= most)


def id_fits(option: Option, most: int, limits: Capabilities) -> bool:
    size = len(option.id.encode()) if limits.ids_in_bytes else len(option.id)
    return 0 < size <= most and option.id == option.id.strip()


def choice_fits(output: Buttons | OptionList, limits: Capabilities) -> bool:
    options = list(options_of(output))
    if len({option.id for option in options}) < len(options):
        return False
    if isinstance(output, Buttons):
        return (
            1 <= len(options) <= limits.max_buttons
            and len({option.title for option in options}) == len(options)
            and all(id_fits(option, limits.button_id_chars, limits) for option in options)
            and all(label(option.title, limits.button_title_chars) for option in options)
        )
    return (
        1 <= len(options) <= limits.max_rows
        and label(output.button, limits.list_button_chars)
        and all(label(section.title, limits.section_title_chars) for section in output.sections)
        and (len(output.sections) == 1 or all(section.title and section.rows for section in output.sections))
        and all(id_fits(option, limits.row_id_chars, limits) for option in options)
        and all(label(option.title, limits.row_title_chars) for option in options)
        and all(label(option.description, limits.row_description_chars) for option in options)
    )


def fits(output: Output, limits: Capabilities) -> bool:
    """The limits once more, in the slow and plain way."""
    if isinstance(output, Buttons | OptionList | LinkButton) and not (
        label(output.body, limits.body_chars)
        and label(output.header, limits.header_chars)
        and label(output.footer, limits.footer_chars)
    ):
        return False
    match output:
        case Text(body):
            return label(body, limits.text_chars)
        case Buttons() | OptionList():
            return choice_fits(output, limits)
        case Media(kind, url, caption, _):
            shown = caption is None or (kind in limits.captioned and label(caption, limits.caption_chars))
            return kind in limits.media_types and url.startswith("http") and shown
        case Location(latitude, longitude, name, address):
            on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
            named = label(name, limits.place_chars) and label(address, limits.place_chars)
            return limits.locations and on_earth and named
        case LocationRequest(body):
            return limits.location_requests and label(body, limits.body_chars)
        case ContactInfoRequest(body):
            return limits.contact_info_requests and label(body, limits.body_chars)
        case LinkButton(_, title, url):
            return limits.link_buttons and url.startswith("http") and label(title, limits.link_title_chars)
        case Reaction(message_id, _):
            return limits.reactions and bool(message_id)
        case Template():
            filled = [parameter.text for parameter in output.parameters]
            filled += [] if output.header is None else [output.header]
            place = output.location
            named = place is None or all(label(text, limits.place_chars) for text in (place.name, place.address))
            return limits.templates and named and all(label(text, limits.parameter_chars) for text in filled)


@pytest.mark.parametrize("channel", sorted(CHANNELS))
@given(output=outputs, words=st.sampled_from([WORDS, Words()]))
def test_what_is_sent_fits_the_channel(channel: str, output: Output, words: Words) -> None:
    limits = CHANNELS[channel]
    shaped = degrade(output, limits, words)
    assert [part for part in shaped if not fits(part, limits)] == []


@pytest.mark.parametrize("channel", sorted(CHANNELS))
@given(output=outputs)
def test_every_option_can_still_be_chosen_by_its_whole_id_or_its_number(channel: str, output: Output) -> None:
    if not isinstance(output, Buttons | OptionList):
        return
    wanted = [option.id for option in options_of(output)]
    seen: list[str] = []
    rows = CHANNELS[channel].max_rows
    for page in range(1, max(len(wanted), 1) + 1):
        shown = replace(output, page=page) if isinstance(output, OptionList) else output
        if isinstance(output, Buttons) and 0 < rows < len(wanted):  # they went out as a list, as does its next page
            sections = (Section(output.buttons),)
            shown = OptionList(output.body, WORDS.list_button, sections, output.header, output.footer, page)
        parts = degrade(shown, CHANNELS[channel], WORDS)
        seen += [option.id for part in parts for option in options_of(part)]
    numbered = "".join(part.body for part in parts if isinstance(part, Text)) if wanted else ""
    assert set(wanted) == set(seen) - {MORE} or all(
        re.search(rf"{number}\s*\.", numbered) for number in range(1, len(wanted) + 1)
    )


@pytest.mark.parametrize("channel", sorted(CHANNELS))
@given(output=outputs)
def test_no_word_of_a_body_or_caption_gets_lost(channel: str, output: Output) -> None:
    match output:
        case Text(body) | LocationRequest(body) | ContactInfoRequest(body) | LinkButton(body):
            whole = body
        case Media(_, _, caption, _):
            whole = caption or ""
        case Buttons() | OptionList():
            whole = output.body
        case _:
            return
    said = "".join(words_of(part) for part in degrade(output, CHANNELS[channel], WORDS))
    assert "".join(whole.split()) in "".join(said.split())


def words_of(output: Output) -> str:
    return (output.caption or "") if isinstance(output, Media) else str(getattr(output, "body", ""))


@given(output=outputs)
def test_whatever_was_changed_is_noted_and_nothing_is_noted_otherwise(output: Output) -> None:
    for limits in CHANNELS.values():
        shaped, notes = shape(output, limits, WORDS)
        assert (shaped == (output,)) == (notes == ())


@given(output=outputs)
def test_an_output_survives_its_json(output: Output) -> None:
    assert decode_output(encode_output(output)) == output


@given(text=st.text(), limit=st.integers(2, 40))
def test_cuts_and_pieces_keep_to_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
