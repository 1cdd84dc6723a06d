"""``F133``: a text that one of the languages lacks."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.languages import languages_of
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.texts import localised_texts


def _find(outline: Outline) -> Iterator[Fault]:
    texts = list(localised_texts(outline))
    wanted = languages_of(outline) or list(dict.fromkeys(tag for text in texts for tag in text.members))
    for text in texts:
        bases = {tag.partition("-")[0].lower() for tag in text.members}
        missing = [tag for tag in wanted if tag.partition("-")[0].lower() not in bases]
        if missing:
            message = f"The text is not there in {', '.join(missing)}."
            yield Fault(text.path, message, "Add it: one line for each language.", at_key=True)


RULE = Rule(
    code="F133",
    name="missing-translation",
    severity=Severity.WARNING,
    reason="Whoever speaks that language reads another one in the middle of the conversation.",
    wrong="""\
id: shop
languages: [en, es]
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: # here
          en: "Hello! Type hours."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
languages: [en, es]
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text:
          en: "Hello! Type hours."
          es: "¡Hola! Escribe horario."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
