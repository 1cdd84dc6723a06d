"""Which language a contact is spoken to in."""

from __future__ import annotations

import pytest

from flow_engine.expressions import Languages, compile_localised, compile_template, locale_for, spoken
from flow_engine.expressions.localised import LANGUAGE, compile_wordless
from flow_engine.outputs.output import Buttons, Option, Text
from flow_engine.program import ProgramSettings, load_program
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.normalised import dynamic_options, program, state, text, transition
from tests.flow_engine.world import MONDAY, World

LONG_DAY = "{{ data.day | date: 'long' }}"

# The texts, the flow's languages, the tenant's, the contact's: the text that is chosen.
CHOICES: dict[str, tuple[dict[str, str], tuple[str, ...], str, str | None, str]] = {
    "the contact's language": ({"es": "Hola", "en": "Hello"}, (), "es", "en", "Hello"),
    "its base for a region": ({"es": "Hola", "en": "Hello"}, (), "en", "es-MX", "Hola"),
    "the region's own text": ({"es": "Hola", "es-MX": "Qué onda"}, (), "en", "es-mx", "Qué onda"),
    "another region of it": ({"en": "Hello", "pt-BR": "Oi"}, (), "en", "pt", "Oi"),
    "the document's first for a stranger": ({"en": "Hello", "es": "Hola"}, ("es", "en"), "en", "fr", "Hola"),
    "the tenant's for a stranger if the document names none": (
        {"es": "Hola", "en": "Hello"},
        (),
        "en",
        "fr",
        "Hello",
    ),
    "the first text where nobody's is there": ({"ca": "Bon dia", "eu": "Kaixo"}, ("es",), "en", "fr", "Bon dia"),
    "the tenant's while nobody has chosen": ({"es": "Hola", "en": "Hello"}, ("es", "en"), "en", None, "Hello"),
    "the document's first while nobody has chosen": ({"en": "Hello", "es": "Hola"}, ("es", "en"), "fr", None, "Hola"),
    "the only text there is": ({"es": "Hola"}, (), "en", "en", "Hola"),
    "each with its own names of days": ({"es": LONG_DAY, "en": LONG_DAY}, (), "es", "en", "Tuesday 24 November"),
    "a language without names of days takes the tenant's": ({"ca": LONG_DAY}, (), "es", "ca", "martes 24 de noviembre"),
}


def scope(language: str | None) -> JSONObject:
    roots: JSONObject = {"data": {"day": "2026-11-24"}}
    return roots if language is None else roots | {LANGUAGE: spoken(language)}


@pytest.mark.parametrize(("texts", "document", "tenant", "contact", "said"), CHOICES.values(), ids=CHOICES)
def test_the_text_is_in(
    texts: dict[str, str], document: tuple[str, ...], tenant: str, contact: str | None, said: str
) -> None:
    template = compile_localised(texts, locale_for(tenant), Languages(tenant, document))
    assert template.render_text(scope(contact)) == said


WORDLESS: dict[str, tuple[str, str, str]] = {
    "a text that is only a date follows the contact": (LONG_DAY, "en", "Tuesday 24 November"),
    "signs around it are no words": (f"({LONG_DAY})", "en", "(Tuesday 24 November)"),
    "a text with words stays in one language": (f"El {LONG_DAY}", "en", "El martes 24 de noviembre"),
    "a stranger reads the tenant's": (LONG_DAY, "fr", "martes 24 de noviembre"),
}


@pytest.mark.parametrize(("source", "contact", "said"), WORDLESS.values(), ids=WORDLESS)
def test_a_text_without_words(source: str, contact: str, said: str) -> None:
    locale = locale_for("es")
    template = compile_wordless(compile_template(source, locale), locale, Languages("es", ("es", "en")))
    assert template.render_text(scope(contact)) == said


def both(es: str, en: str) -> JSON:
    return {"es": es, "en": en}


def asking(target: str) -> JSONObject:
    return {
        "action": "send_interactive_buttons",
        "body": both("¿Qué día?", "Which day?"),
        "buttons": [{"id": "today", "title": both("Hoy", "Today")}],
        "header": None,
        "footer": both("Gracias", "Thank you"),
    }


FLOW = program(
    {
        "WELCOME": state(
            {"action": "send_text", "text": both("Hola", "Hello")},
            transitions=[
                transition("ASK", on_payload="english", set_data={"tag": "en-GB"}),
                transition("ASK", on_payload="bad", set_data={"tag": "no language!"}),
            ],
        ),
        "ASK": state(
            {"action": "set_language", "language": "{{ data.tag }}"},
            asking("DONE"),
            transitions=[transition("DONE", on_payload="today")],
        ),
        "DONE": state(dynamic_options("none", "?")),
    }
) | {"languages": ["es", "en"]}


def talk(**sentences: str | dict[str, str]) -> Conversation:
    loaded = load_program(FLOW, ProgramSettings(language="es", sentences=sentences))
    return Conversation(loaded, World().perform, MONDAY, channel="whatsapp", contact_id="ana")


def test_a_conversation_goes_on_in_the_language_that_was_chosen_and_so_do_the_bots_own_sentences() -> None:
    conversation = talk()
    assert conversation.say("hi") == (Text("Hola"),)
    (question,) = conversation.say("english")
    assert isinstance(question, Buttons)
    assert (question.body, question.buttons[0].title, question.footer) == ("Which day?", "Today", "Thank you")
    assert conversation.snapshot.language == "en-GB"
    assert conversation.say("Today") == (Text("There is nothing available right now."),)


def test_what_is_no_language_changes_nothing() -> None:
    conversation = talk()
    conversation.say("hi")
    (question,) = conversation.say("bad")
    assert isinstance(question, Buttons)
    assert question.body == "¿Qué día?"
    assert conversation.snapshot.language is None


SENTENCES: dict[str, tuple[str | dict[str, str], str]] = {
    "a tenant's sentence is in the tenant's language": ("No queda nada.", "There is nothing available right now."),
    "a tenant may give one for each language": ({"es": "No queda nada.", "en": "All gone."}, "All gone."),
}


@pytest.mark.parametrize(("given", "said"), SENTENCES.values(), ids=SENTENCES)
def test_sentences_that_a_tenant_replaced(given: str | dict[str, str], said: str) -> None:
    conversation = talk(nothing_available=given)
    conversation.say("hi")
    conversation.say("english")
    assert conversation.say("today") == (Text(said),)


def test_an_option_keeps_its_id_in_every_language() -> None:
    conversation = talk()
    conversation.say("hi")
    conversation.say("english")
    (option,) = conversation.options
    assert isinstance(option, Option)
    assert option.id.startswith("today")


def test_a_flow_of_one_text_is_not_asked_for_a_language() -> None:
    one = compile_template("Hola")
    assert compile_wordless(one, locale_for("es"), Languages("es", ("es", "en"))) is one
    assert text("Hola")["text"] == "Hola"
