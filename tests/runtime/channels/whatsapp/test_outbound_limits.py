"""How much a message may hold, and what is refused before it is sent."""

from __future__ import annotations

import pytest

from flow_engine.outputs.output import (
    Buttons,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Option,
    OptionList,
    Output,
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.vocabulary import MediaType
from runtime.channels.whatsapp import build_message
from runtime.errors import SendAction, SendError
from tests.fakes.graph.validation import problems_of
from tests.runtime.channels.whatsapp.template_forms import LINK


def options(count: int, title: str = "T{}", identifier: str = "i{}") -> tuple[Option, ...]:
    return tuple(Option(identifier.format(n), title.format(n)) for n in range(count))


def rows(count: int) -> tuple[Section, ...]:
    return (Section(options(count)),)


LARGEST: dict[str, Output] = {
    "text": Text("x" * 4096),
    "buttons": Buttons("x" * 1024, (Option("i" * 256, "t" * 20), *options(2)), "h" * 60, "f" * 60),
    "list": OptionList(
        "x" * 1024,
        "b" * 20,
        (Section((Option("i" * 200, "t" * 24, "d" * 72), *options(8)), "s" * 24), Section((Option("z", "Z"),), "S")),
        "h" * 60,
        "f" * 60,
    ),
    "ten sections": OptionList("?", "b", tuple(Section((Option(f"{n}", f"T{n}"),), f"S{n}") for n in range(10))),
}


@pytest.mark.parametrize("output", LARGEST.values(), ids=LARGEST)
def test_the_largest_message_passes_here_and_at_graph(output: Output) -> None:
    assert problems_of(build_message(output, contact_id="34600111222", our_id="i" * 512)) == []


TOO_MUCH: dict[str, tuple[Output, str]] = {
    "a long text": (Text("x" * 4097), "text has 4097 characters, at most 4096 are allowed"),
    "an empty text": (Text(" \n"), "text is empty"),
    "a long body": (Buttons("x" * 1025, options(1)), "body has 1025 characters"),
    "four buttons": (Buttons("?", options(4)), "4 buttons, 1 to 3 are allowed"),
    "no button": (Buttons("?", ()), "0 buttons, 1 to 3 are allowed"),
    "a long button title": (Buttons("?", options(1, "t" * 21)), "button title has 21 characters"),
    "a title of five families": (Buttons("?", options(1, "👨‍👩‍👧" * 5)), "button title has 25 characters"),
    "two buttons with one title": (Buttons("?", options(2, "same")), "the same button title twice"),
    "two buttons with one id": (Buttons("?", options(2, identifier="same")), "the same button id twice"),
    "an id with blanks around it": (Buttons("?", options(1, identifier=" a")), "button id with blanks around it"),
    "a long button id": (Buttons("?", options(1, identifier="i" * 257)), "button id has 257 characters"),
    "a long header": (Buttons("?", options(1), header="h" * 61), "header has 61 characters"),
    "a long footer": (Buttons("?", options(1), footer="f" * 61), "footer has 61 characters"),
    "eleven rows": (OptionList("?", "b", rows(11)), "11 list rows, 1 to 10 are allowed"),
    "no rows": (OptionList("?", "b", ()), "0 list sections, 1 to 10 are allowed"),
    "an empty section": (OptionList("?", "b", (*rows(1), Section((), "S"))), "a list section without rows"),
    "a long caption": (OptionList("?", "b" * 21, rows(1)), "list caption has 21 characters"),
    "a long row title": (OptionList("?", "b", (Section(options(1, "t" * 25)),)), "row title has 25 characters"),
    "a long description": (
        OptionList("?", "b", (Section((Option("a", "A", "d" * 73),)),)),
        "row description has 73 characters",
    ),
    "two sections without titles": (
        OptionList("?", "b", (Section((Option("a", "A"),)), Section((Option("b", "B"),)))),
        "section title is empty",
    ),
    "a link that is none": (Media(MediaType.IMAGE, "prices.png"), "the link is no web address"),
    "a caption under a sound": (Media(MediaType.AUDIO, LINK, "listen"), "a caption under audio"),
    "a picture with a long caption": (Media(MediaType.IMAGE, LINK, "c" * 1025), "caption has 1025 characters"),
    "a place beyond the pole": (Location(91, 0), "no point on earth"),
    "a place that is no number": (Location(float("nan"), 0), "no point on earth"),
    "a reaction to nothing": (Reaction("", "👍"), "message of the reaction is empty"),
    "a long link title": (LinkButton("?", "t" * 21, LINK), "link title has 21 characters"),
    "a request without words": (LocationRequest(" "), "body is empty"),
    "a template without a name": (Template("Hello World", "es"), "the name of the template is none"),
    "a template in no language": (Template("hello", "Spanish"), "the language of the template is none"),
    "an empty blank": (Template("hello", "es", (Parameter(" "),)), "parameter is empty"),
    "a blank of two lines": (Template("hello", "es", (Parameter("a\nb"),)), "a parameter is not one line"),
    "a template with two heads": (
        Template("hello", "es", header="a", media=Media(MediaType.IMAGE, "https://example.com/a.png")),
        "two things in its head",
    ),
    "a template with a file and a place in its head": (
        Template(
            "hello", "es", media=Media(MediaType.IMAGE, "https://example.com/a.png"), location=Location(40.4, -3.7)
        ),
        "two things in its head",
    ),
    "a template with a place that is none": (
        Template("hello", "es", location=Location(999.0, -3.7)),
        "the location is no point on earth",
    ),
    "a code that is too long": (
        Template("hello", "es", buttons=(TemplateButton("Copy code", code="c" * 16),)),
        "code has 16 characters, at most 15 are allowed",
    ),
    "two codes": (
        Template("hello", "es", buttons=(TemplateButton("Copy code", code="a"), TemplateButton("Copy code", code="b"))),
        "two buttons of the template copy a code",
    ),
    "a form with an endless token": (
        Template("hello", "es", buttons=(TemplateButton("Tell us", form=TemplateForm("t" * 513)),)),
        "token of the form has 513 characters",
    ),
    "a button that copies and opens": (
        Template("hello", "es", buttons=(TemplateButton("A", code="a", form=TemplateForm()),)),
        "two things at once",
    ),
    "a sound in the head of a template": (
        Template("hello", "es", media=Media(MediaType.AUDIO, "https://example.com/a.ogg")),
        "a file of type audio in the head",
    ),
    "a file from nowhere in the head of a template": (
        Template("hello", "es", media=Media(MediaType.IMAGE, "a.png")),
        "the link is no web address",
    ),
    "a button that is two things": (
        Template("hello", "es", buttons=(TemplateButton("A", "a", "b"),)),
        "two things at once",
    ),
    "eleven template buttons": (Template("hello", "es", buttons=(TemplateButton("A"),) * 11), "11 template buttons"),
    "blanks of both kinds": (Template("hello", "es", (Parameter("a", "b"), Parameter("c"))), "some parameters have"),
}


@pytest.mark.parametrize(("output", "problem"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_whatsapp_would_refuse_is_parked_with_the_reason(output: Output, problem: str) -> None:
    with pytest.raises(SendError) as caught:
        build_message(output, contact_id="34600111222", our_id="c1:7:0")
    assert caught.value.action is SendAction.PARK
    assert problem in caught.value.detail


def test_every_problem_is_named_at_once_without_quoting_the_text() -> None:
    with pytest.raises(SendError) as caught:
        build_message(Buttons("SECRET" * 999, options(4, "t" * 21)), contact_id="1", our_id="x" * 513)
    assert caught.value.detail.count(";") >= 6
    assert "SECRET" not in caught.value.detail
