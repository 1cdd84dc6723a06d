"""``F133``: a text that one of the languages lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.languages import languages_of
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.texts import localised_texts, plain_texts, words_of_template
from flow_engine.validation.ways import ways


def _find(outline: Outline) -> Iterator[Fault]:
    spoken = languages_of(outline)
    if len(spoken) > 1:
        for word in plain_texts(outline):
            if _is_sentence(word.text) and not _chooses_language(outline, word):
                message = f"The text is the same in {' and in '.join(spoken)}."
                yield Fault(word.path, message, "Write one line for each language.")
    texts = list(localised_texts(outline))
    wanted = languages_of(outline) or list(dict.fromkeys(tag for text in texts for tag in text.members))
    for text in texts:
        bases = {tag.partition("-")[0].lower() for tag in text.members}
        missing = [tag for tag in wanted if tag.partition("-")[0].lower() not in bases]
        if missing:
            message = f"The text is not there in {', '.join(missing)}."
            yield Fault(text.path, message, "Add it: one line for each language.", at_key=True)


def _is_sentence(text: str) -> bool:
    """Whether something in it needs translation: names are written the same everywhere, and with capitals."""
    words = _WORD.findall(words_of_template(text))
    return len(words) > 1 and any(word[0].islower() for word in words)


def _chooses_language(outline: Outline, word: Word) -> bool:
    """Whether the state that says it asks for the language: it cannot know it yet."""
    for state in outline.every_state():
        if word.path[: len(state.part.path)] == state.part.path:
            near = [outline.states[way.target.text] for way in ways(state) if way.target.text in outline.states]
            return any(action.text("action") == "set_language" for place in (state, *near) for action in place.on_enter)
    return False


_WORD: Final = re.compile(r"[^\W\d_]{2,}")


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
