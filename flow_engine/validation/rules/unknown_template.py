"""``F151``: a template that is not among the approved ones."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.approved_templates import ApprovedTemplates
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    approved = outline.surroundings.templates
    for action in outline.actions() if approved is not None else ():
        if action.text("action") == "send_template" and approved is not None:
            yield from _check(action, approved)


def _check(action: Part, approved: ApprovedTemplates) -> Iterator[Fault]:
    name, language = action.word("name"), action.word("language")
    if name is None or "{{" in name.text:
        return
    languages = [tag for known, tag in approved if known == name.text]
    if not languages:
        hint = suggest(name.text, sorted({known for known, _ in approved}))
        yield Fault(name.path, f"There is no approved template '{name.text}'.", hint)
    elif language is not None and "{{" not in language.text:
        if language.text not in languages:
            message = f"The template '{name.text}' is not approved in '{language.text}'."
            yield Fault(language.path, message, suggest(language.text, languages))
        else:
            yield from _check_blanks(action, approved[name.text, language.text])


def _check_blanks(action: Part, wanted: int | None) -> Iterator[Fault]:
    given = action.members.get("parameters", [])
    if wanted is not None and isinstance(given, list | dict) and len(given) != wanted:
        path = (*action.path, "parameters") if action.has("parameters") else action.path
        yield Fault(path, f"The template has {wanted} blanks, and {len(given)} are filled.", "Fill each once.")


RULE = Rule(
    code="F151",
    name="unknown-template",
    severity=Severity.ERROR,
    reason="The channel refuses a template that it has not approved in this language, or that has other blanks.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours."
      - action: send_template
        name: see_you_son # here
        language: en
        parameters: ["{{ contact.name }}"]
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
      - action: send_text
        text: "Hello! Type hours."
      - action: send_template
        name: see_you_soon
        language: en
        parameters: ["{{ contact.name }}"]
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
