"""How outputs are made to fit a channel, and what is noted about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.outputs.degradation import Degradation, DegradationKind, Words, degrade, options_of, shape
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text

CHANNELS = read_capabilities()
WHATSAPP = CHANNELS["whatsapp"]
PLAIN = CHANNELS["plain_text"]
ROW = Option("r", "Row")


def numbered(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"id_{number}", f"Title {number}") for number in range(1, count + 1))


def body(output: Output) -> str:
    assert isinstance(output, Text | Buttons | OptionList)
    return output.body


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


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_text_is_not_sent(empty: str) -> None:
    assert shape(Text(empty), WHATSAPP) == ((), (Degradation(DegradationKind.EMPTY_DROPPED),))


def test_a_long_text_is_parted_and_loses_no_word() -> None:
    words = [f"word{number}" for number in range(2000)]
    outputs, notes = shape(Text(" ".join(words)), WHATSAPP)
    assert notes == (Degradation(DegradationKind.TEXT_SPLIT),)
    assert len(outputs) == 5
    assert " ".join(body(output) for output in outputs).split() == words
    assert all(len(body(output)) <= WHATSAPP.text_chars for output in outputs)


def test_four_buttons_become_a_list() -> None:
    outputs, notes = shape(Buttons("Which?", numbered(4), "head", "foot"), WHATSAPP, Words("Options"))
    assert outputs == (OptionList("Which?", "Options", rows(4), "head", "foot"),)
    assert notes == (Degradation(DegradationKind.BUTTONS_TO_LIST),)


def test_without_a_row_for_more_eleven_rows_become_two_lists() -> None:
    outputs, notes = shape(OptionList("Which?", "Options", rows(11)), WHATSAPP)
    assert notes == (Degradation(DegradationKind.LIST_SPLIT),)
    assert outputs == (
        OptionList("Which? (1/2)", "Options", (Section(numbered(11)[:10]),)),
        OptionList("Which? (2/2)", "Options", (Section(numbered(11)[10:]),)),
    )


MORE = Words("Options", Option("@more", "More …"))


@pytest.mark.parametrize(
    ("page", "shown", "number"),
    [(1, range(9), 1), (2, range(9, 18), 2), (3, range(18, 21), 3), (4, range(9), 1), (7, range(9), 1)],
)
def test_a_long_list_goes_out_a_page_at_a_time_and_begins_anew_after_the_last(
    page: int, shown: range, number: int
) -> None:
    (output,), notes = shape(OptionList("Which?", "Options", rows(21), page=page), WHATSAPP, MORE)
    options = tuple(numbered(21)[index] for index in shown)
    assert output == OptionList(f"Which? ({number}/3)", "Options", (Section((*options, Option("@more", "More …"))),))
    assert notes == (Degradation(DegradationKind.LIST_PAGED),)


def test_ten_rows_need_no_pages() -> None:
    assert shape(OptionList("Which?", "Options", rows(10)), WHATSAPP, MORE)[1] == ()


def test_a_full_body_loses_nothing_to_the_mark_of_a_page() -> None:
    (output,) = degrade(OptionList("b" * 1024, "Options", rows(11)), WHATSAPP, MORE)
    assert isinstance(output, OptionList)
    assert output.body == "b" * 1024


def test_pages_follow_the_sections() -> None:
    sections = (Section(numbered(14)[:7], "A"), Section(numbered(14)[7:], "B"))
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


def buttons(*options: Option) -> Buttons:
    return Buttons("?", options)


def row_list(*options: Option) -> OptionList:
    return OptionList("?", "Options", (Section(options),))


LONG = "A cut and a wash and a long talk"
REFUSED: list[tuple[str, Output, str]] = [
    ("the id of a button is too long", buttons(Option("i" * 257, "A"), Option("b", "B")), "1. A\n2. B"),
    ("the id of a row is too long", row_list(Option("i" * 201, "A"), Option("b", "B")), "1. A\n2. B"),
    ("an id has blanks around it", buttons(Option("a ", "A"), Option("b", "B")), "1. A\n2. B"),
    ("an id is empty", row_list(Option("", "A"), Option("b", "B")), "1. A\n2. B"),
    ("two options have one id", row_list(Option("a", "A"), Option("a", "B")), "1. A\n2. B"),
    ("two buttons have one title", buttons(Option("a", "A"), Option("b", "A")), "1. A\n2. A"),
    ("a title is blank", buttons(Option("a", " "), Option("b", "B")), "1. a\n2. B"),
    ("the title of a row is blank", row_list(Option("a", "\t"), Option("b", "B")), "1. a\n2. B"),
    (
        "two buttons are the same after cutting",
        buttons(Option("a", LONG + " today"), Option("b", LONG + " tomorrow")),
        f"1. {LONG} today\n2. {LONG} tomorrow",
    ),
    (
        "two rows are the same after cutting",
        row_list(Option("a", LONG * 3 + "1"), Option("b", LONG * 3 + "2")),
        f"1. {LONG * 3}1\n2. {LONG * 3}2",
    ),
]


@pytest.mark.parametrize(("output", "lines"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_choice_that_would_be_refused_is_led_to_by_numbers(output: Output, lines: str) -> None:
    assert shape(output, WHATSAPP) == (
        (Text(f"?\n\n{lines}"),),
        (Degradation(DegradationKind.TO_NUMBERED_TEXT),),
    )


def test_two_rows_with_one_title_are_told_apart_by_their_descriptions() -> None:
    output = row_list(Option("a", "Cut", "for her"), Option("b", "Cut", "for him"))
    assert shape(output, WHATSAPP) == ((output,), ())


def test_ids_are_counted_in_bytes_where_the_channel_counts_so() -> None:
    in_bytes = replace(CHANNELS["telegram"], ids_in_bytes=True, button_id_chars=64)
    assert degrade(buttons(Option("ñ" * 32, "A")), in_bytes) == (buttons(Option("ñ" * 32, "A")),)
    assert degrade(buttons(Option("ñ" * 33, "A")), in_bytes) == (Text("?\n\n1. A"),)


def test_a_list_becomes_buttons_where_a_channel_has_no_lists_and_says_the_rest_in_the_body() -> None:
    output = OptionList("Which?", "Options", (Section((Option("a", "First", "the best"), Option("b", "Second")), "S"),))
    outputs, notes = shape(output, CHANNELS["telegram"])
    assert outputs == (Buttons("Which?\n\nFirst: the best", (Option("a", "First"), Option("b", "Second"))),)
    assert notes == (Degradation(DegradationKind.LIST_TO_BUTTONS),)


def test_titles_are_cut_and_the_note_names_the_option() -> None:
    outputs, notes = shape(Buttons("?", (Option("a", "t" * 21), ROW)), WHATSAPP)
    assert outputs == (Buttons("?", (Option("a", "t" * 19 + "…"), ROW)),)
    assert notes == (Degradation(DegradationKind.TITLE_CUT, "a"),)


def test_a_row_title_that_is_cut_is_told_whole_in_the_description() -> None:
    row = Option("a", "A very long name of a service, with more")
    (output,), notes = shape(OptionList("?", "Options", (Section((row,)),)), WHATSAPP)
    assert next(options_of(output)) == Option("a", "A very long name of a s…", row.title)
    assert notes == (Degradation(DegradationKind.TITLE_CUT, "a"),)


def test_everything_else_that_is_too_long_is_cut_or_moved_and_noted() -> None:
    long = "x" * 100
    output = OptionList("?", long, (Section((Option("a", "A", long),), long), Section((ROW,), "S")), long, long)
    (shaped,), notes = shape(output, WHATSAPP)
    assert isinstance(shaped, OptionList)
    assert (len(shaped.button), shaped.header, shaped.footer) == (20, None, None)
    assert shaped.body == f"{long}\n\n?\n\n{long}"
    assert len(shaped.sections[0].title or "") == 24
    assert len(shaped.sections[0].rows[0].description or "") == 72
    assert {note.kind for note in notes} == {
        DegradationKind.LIST_BUTTON_CUT,
        DegradationKind.HEADER_MOVED,
        DegradationKind.FOOTER_MOVED,
        DegradationKind.SECTION_TITLE_CUT,
        DegradationKind.DESCRIPTION_CUT,
    }


def test_a_long_body_goes_ahead_as_text_and_the_choice_follows() -> None:
    words = " ".join(f"w{number}" for number in range(400))
    outputs, notes = shape(Buttons(words, numbered(2)), WHATSAPP)
    assert [type(output) for output in outputs] == [Text, Buttons]
    assert " ".join(body(output) for output in outputs).split() == words.split()
    assert notes == (Degradation(DegradationKind.TEXT_SPLIT),)


def test_sections_without_a_title_are_merged_and_empty_ones_dropped() -> None:
    sections = (Section((ROW,), "S"), Section(()), Section((Option("b", "B"),)))
    (output,), notes = shape(OptionList("?", "Options", sections), WHATSAPP)
    assert output == OptionList("?", "Options", (Section((ROW, Option("b", "B"))),))
    assert notes == (Degradation(DegradationKind.EMPTY_DROPPED), Degradation(DegradationKind.SECTIONS_MERGED))


@pytest.mark.parametrize("output", [Buttons("only a body", ()), OptionList("only a body", "Options", ())])
def test_a_choice_of_nothing_is_a_text(output: Output) -> None:
    assert degrade(output, WHATSAPP) == (Text("only a body"),)


def test_buttons_alone_where_a_channel_has_no_lists() -> None:
    buttons_only = replace(WHATSAPP, max_rows=0)
    assert degrade(Buttons("?", numbered(3)), buttons_only) == (Buttons("?", numbered(3)),)
    assert [type(output) for output in degrade(Buttons("?", numbered(4)), buttons_only)] == [Text]


def test_every_channel_file_is_read() -> None:
    assert set(CHANNELS) == {"whatsapp", "http_dev", "plain_text", "telegram", "webchat"}
    assert CHANNELS["http_dev"] == WHATSAPP
    assert isinstance(WHATSAPP, Capabilities)
