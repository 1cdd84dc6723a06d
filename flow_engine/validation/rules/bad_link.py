"""``F149``: a link that opens no page."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        if action.text("action") == "send_link_button":
            for word in words_within(action.members.get("url"), (*action.path, "url")):
                if not word.text.lstrip().startswith(("https://", "http://", "{{")):
                    hint = "Write the whole address of the page."
                    yield Fault(word.path, "The address must begin with https:// or http://.", hint)


RULE = Rule(
    code="F149",
    name="bad-link",
    severity=Severity.ERROR,
    reason="A button opens web pages only.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_link_button
        body: "You can pay here."
        title: "Pay"
        url: "example.com/pay" # here
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_link_button
        body: "You can pay here."
        title: "Pay"
        url: "https://example.com/pay"
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
