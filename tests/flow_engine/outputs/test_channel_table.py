"""What each output becomes on each channel, as ``docs/channels.md`` tells it: the table there is made of this."""

from __future__ import annotations

from pathlib import Path

from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.outputs.degradation import Words, shape
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
    Text,
)
from flow_engine.outputs.shaping.paging import MORE
from flow_engine.vocabulary import MediaType

PAGE = Path(__file__).parents[3] / "docs" / "channels.md"
CHANNELS = ("whatsapp", "http_dev", "telegram", "webchat", "plain_text")
WORDS = Words("Options", Option(MORE, "More …"))
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
    "a reaction": Reaction("m1", "👍"),
    "a template": Template("reminder", "es", (Parameter("Ana"),), "Hi Ana!"),
    "a template without a text": Template("reminder", "es", (Parameter("Ana"),)),
    "a template with a quick reply": Template(
        "reminder", "es", (Parameter("Ana"),), "Hi Ana!", buttons=(TemplateButton("I cannot come", "cancel_7"),)
    ),
}
NAMES = {OptionList: "list", LocationRequest: "location request", ContactInfoRequest: "contact-info request"}


def cell(output: Output, limits: Capabilities) -> str:
    outputs, changes = shape(output, limits, WORDS)
    kinds = [kind_of(part) for part in outputs]
    counted = [f"{kinds.count(kind)} × {kind}" if kinds.count(kind) > 1 else kind for kind in dict.fromkeys(kinds)]
    noted = ", ".join(f"`{change.kind}`" for change in dict.fromkeys(changes))
    return " + ".join(counted) + (f" ({noted})" if noted else "")


def kind_of(output: Output) -> str:
    if isinstance(output, Media):
        return output.media_type.value
    return NAMES.get(type(output), type(output).__name__.lower().replace("linkbutton", "link button"))


def table() -> str:
    profiles = read_capabilities()
    lines = ["| output | " + " | ".join(f"`{name}`" for name in CHANNELS) + " |", "|---" * (len(CHANNELS) + 1) + "|"]
    for name, output in SAMPLES.items():
        cells = (cell(output, profiles[channel]) for channel in CHANNELS)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_the_table_of_the_documentation_is_this_one() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), f"write this into {PAGE.name}:\n{table()}"


def test_every_channel_is_in_the_table() -> None:
    assert set(CHANNELS) == set(read_capabilities())
