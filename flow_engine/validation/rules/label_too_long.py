"""``F123``: a text longer than the channel shows."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.outputs.capabilities import Capabilities
from flow_engine.validation.outline import Outline, Part, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for part in (*outline.actions(), *outline.collects()):
        for place, key, most in _limits(part, outline.surroundings.capabilities):
            yield from _check(place, key, most, outline.surroundings.channel)


def _limits(part: Part, limits: Capabilities) -> Iterator[tuple[Part, str, int]]:
    """Where texts stand in an action or a ``collect``, and how much of each is shown."""
    is_link = part.text("action") == "send_link_button"
    yield part, "text", limits.text_chars if part.text("action") == "send_text" else limits.body_chars
    yield part, "body", limits.body_chars
    yield part, "header", limits.header_chars
    yield part, "footer", limits.footer_chars
    yield part, "button", limits.list_button_chars
    yield part, "caption", limits.caption_chars
    yield part, "title", limits.link_title_chars if is_link else 0
    for section in part.parts("sections"):
        yield section, "title", limits.section_title_chars
    rows = [row for section in part.parts("sections") for row in section.parts("rows")]
    for row in (*rows, *part.parts("options")):
        yield row, "title", limits.row_title_chars
        yield row, "description", limits.row_description_chars
    for button in part.parts("buttons"):
        yield button, "title", limits.button_title_chars


def _check(part: Part, key: str, most: int, channel: str) -> Iterator[Fault]:
    """Texts with placeholders are known only when they are said; a limit of 0 is that of a thing that is not there."""
    for word in words_within(part.members.get(key), (*part.path, key)):
        if most and "{{" not in word.text and len(word.text) > most:
            yield Fault(word.path, f"The text has {len(word.text)} characters; {channel} shows {most}.", "Shorten it.")


RULE = Rule(
    code="F123",
    name="label-too-long",
    severity=Severity.WARNING,
    reason="The channel refuses more, so the engine cuts it; better to choose the words oneself.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hours"
            title: "When are you open today?" # here
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hours"
            title: "Opening hours"
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)
