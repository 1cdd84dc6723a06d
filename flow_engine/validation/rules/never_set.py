"""``F124``: data that nothing ever writes."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.data_names import COMPUTED, reads, writes
from flow_engine.validation.outline import Outline
from flow_engine.validation.platform_tasks import given_to
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    written = {write.text for write in writes(outline)} | COMPUTED | given_to(outline.tasks)
    for read in reads(outline):
        if read.text not in written:
            hint = suggest(read.text, written - COMPUTED) or "Set it with set_data, extract_suffix_as or result_key."
            yield Fault(read.path, f"Nothing ever sets 'data.{read.text}'.", hint)


RULE = Rule(
    code="F124",
    name="never-set",
    severity=Severity.WARNING,
    reason="It is always empty; usually the name is misspelt.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Your day: {{ data.dya | default: 'none' }}." # here
    transitions:
      - on_payload_prefix: "day_"
        extract_suffix_as: "day"
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
        text: "Your day: {{ data.day | default: 'none' }}."
    transitions:
      - on_payload_prefix: "day_"
        extract_suffix_as: "day"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
