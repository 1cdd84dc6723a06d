"""``F123``: more than WhatsApp shows."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.validation.outline import Outline, Part, Word, options
from flow_engine.validation.rule import Fault, Rule

_CHANNEL = "whatsapp"


def _find(outline: Outline) -> Iterator[Fault]:
    limits = read_capabilities()[_CHANNEL]
    for action in outline.actions():
        yield from _check_texts(action, limits)
        yield from _check_counts(action, limits)


def _check_texts(action: Part, limits: Capabilities) -> Iterator[Fault]:
    is_text = action.text("action") == "send_text"
    for key, most in (
        ("text", limits.text_chars if is_text else limits.body_chars),
        ("body", limits.body_chars),
        ("header", limits.header_chars),
        ("footer", limits.footer_chars),
        ("button", limits.list_button_chars),
    ):
        yield from _check(action.word(key), most)
    for section in action.parts("sections"):
        yield from _check(section.word("title"), limits.section_title_chars)
        for row in section.parts("rows"):
            yield from _check(row.word("title"), limits.row_title_chars)
            yield from _check(row.word("description"), limits.row_description_chars)
    for button in action.parts("buttons"):
        yield from _check(button.word("title"), limits.button_title_chars)


def _check(word: Word | None, most: int) -> Iterator[Fault]:
    """Texts with placeholders are known only when they are said."""
    if word is not None and "{{" not in word.text and len(word.text) > most:
        message = f"The text has {len(word.text)} characters; WhatsApp shows {most}."
        yield Fault(word.path, message, "Shorten it.")


def _check_counts(action: Part, limits: Capabilities) -> Iterator[Fault]:
    for key, most in (("buttons", limits.max_buttons), ("sections", limits.max_rows)):
        count = sum(1 for _ in options(action)) if action.has(key) else 0
        if count > most:
            message = f"There are {count} choices; WhatsApp shows {most}."
            yield Fault((*action.path, key), message, "Offer fewer.", at_key=True)


RULE = Rule(
    code="F123",
    name="label-too-long",
    severity=Severity.WARNING,
    reason="WhatsApp refuses more, so the engine cuts it or makes buttons a list; better to choose the words oneself.",
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
