"""The forms: every construct of the language can be edited, and a step shows what its document says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from flow_engine.language.actions import Action
from flow_engine.language.collect import Collect
from flow_engine.language.states import Timeout
from flow_engine.language.transitions import Transition
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing import StaleEditError, apply, read_edit
from platform_admin.authoring.steps import read_step
from platform_admin.authoring.steps.constructs import ACTIONS, COLLECT, TIMEOUT, TRANSITION, WHEN, Construct
from platform_admin.authoring.texts import read_texts

ROOT = Path(__file__).parents[4]
SHIPPED = sorted([*ROOT.glob("flows/*.yaml"), *ROOT.glob("flows/*/flow.yaml")])


def models() -> dict[str, type[BaseModel]]:
    """Every action's model by its name in the text."""
    union = get_args(Action.__value__)[0]
    return {get_args(model.model_fields["action"].annotation)[0]: model for model in get_args(union)}


def fields_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()} - {"action"}


def test_every_action_of_the_language_has_a_form() -> None:
    assert set(ACTIONS) == set(models())


@pytest.mark.parametrize("name", sorted(models()))
def test_every_field_of_an_action_is_asked_for(name: str) -> None:
    assert {ask.key for ask in (*ACTIONS[name].asks, WHEN)} == fields_of(models()[name])


@pytest.mark.parametrize(
    ("construct", "model"),
    [(COLLECT, Collect), (TIMEOUT, Timeout), (TRANSITION, Transition)],
    ids=lambda value: str(value)[:20],
)
def test_every_field_of_the_other_constructs_is_asked_for(construct: Construct, model: type[BaseModel]) -> None:
    assert {ask.key for ask in construct.asks} == fields_of(model)


FLOW = """\
initial_state: MENU
global_transitions: [{ on_payload: person, target: PERSON }]
states:
  MENU:
    llm_fallback: true
    on_enter:
      - action: send_interactive_buttons
        body: { es: "¿Qué desea?", en: "What would you like?" }
        buttons: [{ id: book, title: Book }, { id: person, title: "Talk to us" }]
        when: "data.open"
    transitions:
      - { on_payload: book, target: DAY }
      - { on_text: [hola, hi], target: "@back" }
    timeout: { after: 30m, target: DAY }
    fallback: DAY
  DAY:
    collect: { type: date, text: "Which day?", save_as: day, target: MENU }
  PERSON: {}
"""


def test_a_step_shows_what_it_says_and_where_each_button_leads() -> None:
    form = read_step(read_yaml(FLOW).value, "MENU")
    assert (form.title, form.is_start, form.faq, form.fallback) == ("Menu", True, True, "DAY")
    assert [(name, str(title)) for name, title in form.users] == [("DAY", "Day"), ("", "the beginning")]
    body, buttons = form.actions[0].fields
    assert [(text.language, text.value) for text in body.texts] == [
        ("es", "¿Qué desea?"),
        ("en", "What would you like?"),
    ]
    assert [(choice.titles[0].value, choice.leads_to) for choice in buttons.choices] == [
        ("Book", "DAY"),
        ("Talk to us", "PERSON"),
    ]
    assert [(way.summary, way.target) for way in form.ways] == [("“Book”", "DAY"), ("hola, hi", "@back")]
    assert form.timeout is not None
    assert form.timeout.target is None
    assert [str(title) for _, title in form.targets][:3] == ["Menu", "Day", "Person"]


def test_a_step_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(StaleEditError, match=r"There is no step “Gone” any more\."):
        read_step(read_yaml(FLOW).value, "GONE")


HALF_WRITTEN: list[JSON] = [
    {"states": {"A": None}},
    {"states": {"A": {"on_enter": "soon", "transitions": 3, "collect": [], "timeout": "x", "fallback": []}}},
    {"states": {"A": {"on_enter": [1, {}, {"action": 5}, {"action": "dance"}, {"action": "send_text", "text": []}]}}},
    {"states": {"A": {"on_enter": [{"action": "send_interactive_buttons", "buttons": {"id": 1}}]}}},
    {"states": {"A": {"on_enter": [{"action": "send_interactive_list", "sections": [3, {"rows": [None]}]}]}}},
]


@pytest.mark.parametrize("document", HALF_WRITTEN, ids=str)
def test_what_is_half_written_still_has_a_form(document: JSON) -> None:
    assert read_step(document, "A").name == "A"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_every_field_of_every_shipped_step_edits_the_place_it_shows(file: Path) -> None:
    text = file.read_text()
    document: Any = read_yaml(text).value
    for name in list(document["states"])[::5]:
        form = read_step(document, name)
        parts = [*form.actions, *form.ways, *[part for part in (form.collect, form.timeout) if part]]
        texts = [
            shown for part in parts for field in (*part.fields, *part.more) for shown in field.texts if shown.value
        ]
        for shown in texts[:3]:
            edit = {"do": "set_value", "path": json.loads(shown.path), "value": "Otra cosa"}
            changed: Any = read_yaml(apply(text, read_edit(edit))).value
            place = changed
            for key in json.loads(shown.path):
                place = place[key]
            assert place == "Otra cosa"


def test_the_texts_view_has_every_sentence_a_customer_reads() -> None:
    rows = [(row.step, row.language, row.text) for row in read_texts(read_yaml(FLOW).value)]
    assert rows == [
        ("MENU", "es", "¿Qué desea?"),
        ("MENU", "en", "What would you like?"),
        ("MENU", "", "Book"),
        ("MENU", "", "Talk to us"),
        ("DAY", "", "Which day?"),
    ]
