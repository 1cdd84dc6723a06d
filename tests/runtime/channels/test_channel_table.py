"""What each output becomes on each channel, as ``docs/channels.md`` tells it: the table there is made of this.

The limits are the engine's capability files, the forms those that the adapters send.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow_engine.outputs.capabilities import PLAIN_TEXT, read_capabilities
from flow_engine.outputs.degradation import Words
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
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.outputs.shaping.paging import MORE
from flow_engine.vocabulary import MediaType
from runtime.channels.factory import CHANNEL_TYPES
from runtime.channels.shown_as import PROFILES, ChannelViews

PAGE = Path(__file__).parents[3] / "docs" / "channels.md"
VIEWS = ChannelViews("en", Words("Options", Option(MORE, "More …")))
LINK = "https://example.com/a"


def options(count: int, title: str = "Title {}") -> tuple[Option, ...]:
    return tuple(Option(f"id_{number}", title.format(number)) for number in range(count))


def option_list(count: int) -> OptionList:
    return OptionList("?", "Open", (Section(options(count)),))


SAMPLES: dict[str, Output] = {
    "a text of 5,000 characters": Text("word " * 1000),
    "3 buttons": Buttons("?", options(3)),
    "4 buttons": Buttons("?", options(4)),
    "2 buttons with one title": Buttons("?", options(2, "Same")),
    "a list of 10": option_list(10),
    "a list of 30": option_list(30),
    "a list of 120": option_list(120),
    "an option id of 100 characters": Buttons("?", (Option("i" * 100, "A"),)),
    "a picture with a caption": Media(MediaType.IMAGE, LINK, "Caption"),
    "a sound with a caption": Media(MediaType.AUDIO, LINK, "Caption"),
    "a document": Media(MediaType.DOCUMENT, LINK, None, "a.pdf"),
    "a sticker": Media(MediaType.STICKER, LINK),
    "a location": Location(40.4, -3.7, "Name"),
    "a location request": LocationRequest("Where?"),
    "a contact-info request": ContactInfoRequest("Your number?"),
    "a link button": LinkButton("Body", "Title", LINK),
    "a reaction": Reaction("34600111222:7", "👍"),
    "a template": Template("reminder", "es", (Parameter("Ana"),), "Hi Ana!"),
    "a template without a text": Template("reminder", "es", (Parameter("Ana"),)),
    "a template with a quick reply": Template(
        "reminder", "es", (Parameter("Ana"),), "Hi Ana!", buttons=(TemplateButton("I cannot come", "cancel_7"),)
    ),
    "a template with a place, a code and a form": Template(
        "offer",
        "es",
        (),
        "A present for you.",
        buttons=(TemplateButton("Copy code", code="GIFT7"), TemplateButton("Tell us", form=TemplateForm())),
        location=Location(40.4, -3.7, "Name"),
    ),
}


def cell(channel: str, output: Output) -> str:
    shown: Any = VIEWS.show(channel, output)
    forms = [f"`{form_of(channel, message)}`" for message in shown["messages"]]
    counted = [f"{forms.count(form)} × {form}" if forms.count(form) > 1 else form for form in dict.fromkeys(forms)]
    noted = ", ".join(dict.fromkeys(shown["changes"]))
    return " + ".join(counted) + (f" ({noted})" if noted else "")


def form_of(channel: str, message: dict[str, Any]) -> str:
    """The provider's own word for it."""
    match channel:
        case "whatsapp":
            kind = message["type"]
            return f"{kind} {message[kind]['type']}" if kind == "interactive" else str(kind)
        case "telegram":
            markup = message.get("reply_markup", {})
            return " ".join([message["method"], *(key for key in ("inline_keyboard", "keyboard") if key in markup)])
        case _:
            return str(message.get("media_type") or message["type"])


def table() -> str:
    lines = ["| output | " + " | ".join(f"`{name}`" for name in PROFILES) + " |", "|---" * (len(PROFILES) + 1) + "|"]
    for name, output in SAMPLES.items():
        lines.append(f"| {name} | " + " | ".join(cell(channel, output) for channel in PROFILES) + " |")
    return "\n".join(lines)


def test_the_table_of_the_documentation_is_this_one() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), f"write this into {PAGE.name}:\n{table()}"


def test_every_channel_is_in_the_table_and_has_its_limits() -> None:
    assert set(PROFILES) == set(CHANNEL_TYPES)
    assert {*PROFILES.values(), PLAIN_TEXT} == set(read_capabilities())


@pytest.mark.parametrize("channel", PROFILES)
def test_nothing_that_a_flow_can_say_is_parked_on_any_channel(channel: str) -> None:
    for name, output in SAMPLES.items():
        shown: Any = VIEWS.show(channel, output)
        assert [message for message in shown["messages"] if "parked" in message] == [], name
