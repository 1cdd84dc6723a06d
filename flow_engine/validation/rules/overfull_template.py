"""``F163``: a template with more in one place than a message takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule

CODE_CHARS: Final = 15
"""What a tap on "copy code" copies (developers.facebook.com, coupon code templates)."""

_IN_THE_HEAD: Final = ("header", "media", "location")
_IN_A_BUTTON: Final = ("id", "suffix", "code", "form")


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        if action.text("action") == "send_template":
            yield from _one_of(action, _IN_THE_HEAD, "The head of a template")
            buttons = list(action.parts("buttons"))
            for button in buttons:
                yield from _one_of(button, _IN_A_BUTTON, "A button of a template")
                yield from _short_code(button)
            for button in [button for button in buttons if button.has("code")][1:]:
                yield Fault((*button.path, "code"), "A template has one button that copies a code.", "Leave one.")


def _one_of(part: Part, keys: tuple[str, ...], what: str) -> Iterator[Fault]:
    filled = [key for key in keys if part.has(key)]
    for key in filled[1:]:
        yield Fault((*part.path, key), f"{what} holds one thing: {filled[0]} or {key}.", "Keep what the template has.")


def _short_code(button: Part) -> Iterator[Fault]:
    code = button.word("code")
    if code is not None and "{{" not in code.text and len(code.text) > CODE_CHARS:
        message = f"The code has {len(code.text)} characters, at most {CODE_CHARS} are sent."
        yield Fault(code.path, message, "Use a shorter code.")


RULE = Rule(
    code="F163",
    name="overfull-template",
    severity=Severity.ERROR,
    reason="The channel refuses the whole message, and the customer hears nothing.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours."
      - action: send_template
        name: sale
        language: en
        buttons:
          - title: "Copy code"
            code: "SUMMER-SALE-2026" # here
    transitions:
      - on_text: hours
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours."
      - action: send_template
        name: sale
        language: en
        buttons:
          - title: "Copy code"
            code: "SUMMER26"
    transitions:
      - on_text: hours
        target: MENU
    fallback: MENU
""",
    find=_find,
)
