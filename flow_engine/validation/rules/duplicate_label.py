"""``F155``: two choices of one message that read alike."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.answers import fold
from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, options
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for part in (*outline.actions(), *outline.collects()):
        yield from _repeated(part)


def _repeated(part: Part) -> Iterator[Fault]:
    seen: set[str] = set()
    for option in options(part):
        title = option.word("title")
        if title is None or "{{" in title.text:
            continue
        if fold(title.text) in seen:
            yield Fault(title.path, f"'{title.text}' stands here twice.", "Word them differently.")
        seen.add(fold(title.text) or title.text)


RULE = Rule(
    code="F155",
    name="duplicate-label",
    severity=Severity.WARNING,
    reason="People cannot tell them apart, and what is typed instead of tapped fits both.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Which day?"
        buttons:
          - id: "day_a"
            title: "Monday"
          - id: "day_b"
            title: "Tuesday"
          - id: "day_c"
            title: "monday" # here
    transitions:
      - on_payload_prefix: "day_"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Which day?"
        buttons:
          - id: "day_a"
            title: "Monday"
          - id: "day_b"
            title: "Tuesday"
          - id: "day_c"
            title: "Wednesday"
    transitions:
      - on_payload_prefix: "day_"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
