"""``F148``: a file that is not fetched over https."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        if action.text("action") == "send_media":
            for word in words_within(action.members.get("url"), (*action.path, "url")):
                if not word.text.lstrip().startswith(("https://", "{{")):
                    hint = "Put the file where it is served over https."
                    yield Fault(word.path, "The address of a file must begin with https://.", hint)


RULE = Rule(
    code="F148",
    name="insecure-media",
    severity=Severity.ERROR,
    reason="Channels fetch files over https only; this one would never arrive.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_media
        media_type: image
        url: "http://example.com/prices.png" # here
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
      - action: send_media
        media_type: image
        url: "https://example.com/prices.png"
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
