"""How outputs are made to fit a channel, and what is noted about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.outputs.degradation import Degradation, DegradationKind, degrade, options_of, shape
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text

CHANNELS = read_capabilities()
WHATSAPP = CHANNELS["whatsapp"]
PLAIN = CHANNELS["plain_text"]
ROW = Option("r", "Row")


def numbered(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"id_{number}", f"Title {number}") for number in range(1, count + 1))


def rows(count: int) -> tuple[Section, ...]:
    return (Section(numbered(count)),)


FITTING: list[Output] = [
    Text("x"),
    Text("x" * 4096),
    Buttons("b" * 1024, numbered(3), "h" * 60, "f" * 60),
    Buttons("b", (Option("i" * 256, "t" * 20),)),
    OptionList("b" * 1024, "c" * 20, rows(10), "h" * 60, "f" * 60),
    OptionList("b", "c", (Section((Option("i" * 200, "t" * 24, "d" * 72),), "s" * 24), Section((ROW,), "s"))),
]


@pytest.mark.parametrize("output", FITTING)
def test_what_fits_stays_as_it_is(output: Output) -> None:
    assert shape(output, WHATSAPP) == ((output,), ())


@pytest.mark.parametrize("body", ["", "  ", "\n"])
def test_an_empty_text_is_not_sent(body: str) -> None:
    assert shape(Text(body), WHATSAPP) == ((), (Degradation(DegradationKind.EMPTY_DROPPED),))


def test_a_long_text_is_parted_and_loses_no_word() -> None:
    words = [f"word{number}" for number in range(2000)]
    outputs, notes = shape(Text(" ".join(words)), WHATSAPP)
    assert notes == (Degradation(DegradationKind.TEXT_SPLIT),)
    assert len(outputs) == 5
    assert " ".join(output.body for output in outputs).split() == words
    assert all(len(output.body) <= WHATSAPP.text_chars for output in outputs)


def test_four_buttons_become_a_list() -> None:
    outputs, notes = shape(Buttons("Which?", numbered(4), "head", "foot"), WHATSAPP, "Options")
    assert outputs == (OptionList("Which?", "Options", rows(4), "head", "foot"),)
    assert notes == (Degradation(DegradationKind.BUTTONS_TO_LIST),)


def test_eleven_rows_become_two_lists_and_no_row_is_lost() -> None:
    outputs, notes = shape(OptionList("Which?", "Options", rows(11)), WHATSAPP)
    assert notes == (Degradation(DegradationKind.LIST_SPLIT),)
    assert outputs == (
        OptionList("Which? (1/2)", "Options", (Section(numbered(11)[:10]),)),
        OptionList("Which? (2/2)", "Options", (Section(numbered(11)[10:]),)),
    )


def test_the_mark_of_a_page_has_room_in_a_full_body() -> None:
    outputs = degrade(OptionList("b" * 1024, "Options", rows(11)), WHATSAPP)
    assert [output.body for output in outputs] == ["b" * 1017 + "… (1/2)", "b" * 1017 + "… (2/2)"]


def test_pages_follow_the_sections() -> None:
    sections = (Section(numbered(7), "A"), Section(numbered(7), "B"))
    outputs = degrade(OptionList("?", "Options", sections), WHATSAPP)
    assert [
        [(section.title, len(section.rows)) for section in output.sections]
        for output in outputs
        if isinstance(output, OptionList)
    ] == [[("A", 7), ("B", 3)], [("B", 4)]]


def test_a_channel_without_choices_gets_numbered_text() -> None:
    sections = (Section((Option("a", "First", "the best"),), "S"), Section((Option("b", "Second"),), "T"))
    outputs, notes = shape(OptionList("Which?", "Options", sections, "head", "foot"), PLAIN)
    assert outputs == (Text("head\n\nWhich?\n\n1. First: the best\n2. Second\n\nfoot"),)
    assert notes == (Degradation(DegradationKind.TO_NUMBERED_TEXT),)


LONG_IDS: list[Output] = [
    Buttons("?", (Option("i" * 257, "A"), Option("b", "B"))),
    OptionList("?", "Options", (Section((Option("i" * 201, "A"), Option("b", "B"))),)),
]


@pytest.mark.parametrize("output", LONG_IDS, ids=["button", "row"])
def test_an_id_that_is_too_long_is_never_cut_but_led_to_by_its_number(output: Output) -> None:
    assert shape(output, WHATSAPP) == (
        (Text("?\n\n1. A\n2. B"),),
        (Degradation(DegradationKind.TO_NUMBERED_TEXT),),
    )


def test_titles_are_cut_and_the_note_names_the_option() -> None:
    outputs, notes = shape(Buttons("?", (Option("a", "t" * 21), ROW)), WHATSAPP)
    assert outputs == (Buttons("?", (Option("a", "t" * 19 + "…"), ROW)),)
    assert notes == (Degradation(DegradationKind.TITLE_CUT, "a"),)


def test_a_row_title_that_is_cut_is_told_whole_in_the_description() -> None:
    row = Option("a", "A very long name of a service, with more")
    (output,), notes = shape(OptionList("?", "Options", (Section((row,)),)), WHATSAPP)
    assert next(options_of(output)) == Option("a", "A very long name of a s…", row.title)
    assert notes == (Degradation(DegradationKind.TITLE_CUT, "a"),)


def test_everything_else_that_is_too_long_is_cut_and_noted() -> None:
    long = "x" * 100
    output = OptionList("?", long, (Section((Option("a", "A", long),), long), Section((ROW,), "S")), long, long)
    (shaped,), notes = shape(output, WHATSAPP)
    assert isinstance(shaped, OptionList)
    assert (len(shaped.button), len(shaped.header or ""), len(shaped.footer or "")) == (20, 60, 60)
    assert len(shaped.sections[0].title or "") == 24
    assert len(shaped.sections[0].rows[0].description or "") == 72
    assert {note.kind for note in notes} == {
        DegradationKind.LIST_BUTTON_CUT,
        DegradationKind.HEADER_CUT,
        DegradationKind.FOOTER_CUT,
        DegradationKind.SECTION_TITLE_CUT,
        DegradationKind.DESCRIPTION_CUT,
    }


def test_a_long_body_goes_ahead_as_text_and_the_choice_follows() -> None:
    words = " ".join(f"w{number}" for number in range(400))
    outputs, notes = shape(Buttons(words, numbered(2)), WHATSAPP)
    assert [type(output) for output in outputs] == [Text, Buttons]
    assert " ".join(output.body for output in outputs).split() == words.split()
    assert notes == (Degradation(DegradationKind.TEXT_SPLIT),)


def test_sections_without_a_title_are_merged_and_empty_ones_dropped() -> None:
    sections = (Section((ROW,), "S"), Section(()), Section((Option("b", "B"),)))
    (output,), notes = shape(OptionList("?", "Options", sections), WHATSAPP)
    assert output == OptionList("?", "Options", (Section((ROW, Option("b", "B"))),))
    assert notes == (Degradation(DegradationKind.SECTIONS_MERGED),)


@pytest.mark.parametrize("output", [Buttons("only a body", ()), OptionList("only a body", "Options", ())])
def test_a_choice_of_nothing_is_a_text(output: Output) -> None:
    assert degrade(output, WHATSAPP) == (Text("only a body"),)


def test_buttons_alone_where_a_channel_has_no_lists() -> None:
    buttons_only = replace(WHATSAPP, max_rows=0)
    assert degrade(Buttons("?", numbered(3)), buttons_only) == (Buttons("?", numbered(3)),)
    assert [type(output) for output in degrade(Buttons("?", numbered(4)), buttons_only)] == [Text]


def test_every_channel_file_is_read() -> None:
    assert set(CHANNELS) == {"whatsapp", "http_dev", "plain_text"}
    assert CHANNELS["http_dev"] == WHATSAPP
    assert isinstance(WHATSAPP, Capabilities)
