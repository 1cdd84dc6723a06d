"""Steps are called as their author writes, accents included."""

from __future__ import annotations

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.changes.step_titles import step_titles

CASES = [
    (
        "a word the conversation writes with an accent",
        {"ELEGIR_DIA": "¿Qué día te viene bien?"},
        {"ELEGIR_DIA": "Elegir día"},
    ),
    ("a word that is written both ways", {"MAS": "Nada más, pero mas tarde"}, {"MAS": "Mas"}),
    ("a name that has its accents itself", {"ELEGIR_DÍA": "El dia, bueno"}, {"ELEGIR_DÍA": "Elegir día"}),
    ("the first word", {"ULTIMA_CITA": "Tu última cita"}, {"ULTIMA_CITA": "Última cita"}),
    ("a Spanish ending", {"INFORMACION": "¿Qué quieres saber?"}, {"INFORMACION": "Información"}),
    ("the same letters elsewhere", {"SUSPICION": "What is it?"}, {"SUSPICION": "Suspicion"}),
    ("an id is not how anybody writes", {"DIA": "dia_1"}, {"DIA": "Dia"}),
]


@pytest.mark.parametrize(("said", "titles"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_title_has_the_accents_of_the_conversation(said: dict[str, str], titles: dict[str, str]) -> None:
    states: JSONObject = {name: {"on_enter": [{"action": "send_text", "text": text}]} for name, text in said.items()}
    assert step_titles({"states": states}) == titles


def test_the_steps_of_a_part_carry_its_name() -> None:
    document: JSONObject = {"states": {"MENU": {}}, "flows": {"ask": {"states": {"WHEN": {}}}}}
    assert step_titles(document) == {"MENU": "Menu", "ask/WHEN": "When"}


def test_what_is_no_conversation_has_no_steps() -> None:
    assert step_titles(None) == step_titles([]) == step_titles({"states": 1}) == {}
