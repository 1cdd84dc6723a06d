"""``F134``: a language that the flow does not speak."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.languages import is_tag, languages_of
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest
from flow_engine.validation.texts import localised_texts


def _find(outline: Outline) -> Iterator[Fault]:
    known = languages_of(outline)
    bases = {_base(tag) for tag in known}
    for text in localised_texts(outline):
        for tag in text.members:
            if is_tag(tag) and known and _base(tag) not in bases:
                yield _fault(Word(tag, (*text.path, tag)), known, at_key=True)
    for action in outline.actions():
        word = action.word("language") if action.text("action") == "set_language" else None
        if word is None or "{{" in word.text:
            continue
        if not is_tag(word.text):
            yield Fault(word.path, f"'{word.text}' is no language.", "Write a tag such as en or es-MX.")
        elif known and _base(word.text) not in bases:
            yield _fault(word, known, at_key=False)


def _fault(word: Word, known: list[str], *, at_key: bool) -> Fault:
    hint = suggest(word.text, known) or "Add it to languages."
    return Fault(word.path, f"The flow does not speak '{word.text}'.", hint, at_key=at_key)


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()


RULE = Rule(
    code="F134",
    name="unknown-language",
    severity=Severity.ERROR,
    reason="A misspelt or undeclared language is never chosen for anybody.",
    wrong="""\
id: shop
languages: [en, es]
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: set_language
        language: de # here
      - action: send_text
        text:
          en: "Hello! Type hours."
          es: "¡Hola! Escribe horario."
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
      - action: set_language
        language: es
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
