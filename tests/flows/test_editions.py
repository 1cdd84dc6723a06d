"""A flow that ships in two files, one a language, is one conversation: only its words are others.

Both are read as the engine reads them and walked side by side. Steps are paired by their order; of a text, what it
takes from data, contact and business has to be the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from flow_engine.language import read_flow
from flow_engine.vocabulary import JSON, JSONObject

FLOWS: Final = Path(__file__).parents[2] / "flows"
PAIRS: Final = {
    "hairdresser": (FLOWS / "peluqueria_flow.yaml", FLOWS / "hairdresser" / "flow.yaml"),
    "restaurant": (FLOWS / "restaurante" / "flow.yaml", FLOWS / "restaurant" / "flow.yaml"),
}
WORD_LISTS: Final = frozenset({"on_text", "synonyms"})
"""What people write: other words, as many as the language has."""

WORDS: Final = frozenset(
    {"body", "text", "title", "button", "empty_text", "retry_text", "description", "reason", "notes", "on_pattern"}
)
"""What people read, and the pattern of what they write."""

OTHER_NAMES: Final = {
    "es": "en",
    "peluqueria": "hairdresser",
    "restaurante": "restaurant",
    "recordatorio_cita": "appointment_reminder",
    "cita_movida": "appointment_moved",
    "cita_anulada": "appointment_cancelled",
    "cita_apuntada": "appointment_confirmed",
    "recordatorio_mesa": "table_reminder",
    "mesa": "table",
    "Allí estaré": "I'll be there",
    "Allí estaremos": "We'll be there",
    "Mis citas": "My appointments",
    "Mi reserva": "My booking",
    "{{ business.open_at(data.today) and 'hoy' or '' }}": "{{ business.open_at(data.today) and 'today' or '' }}",
    "{{ 'mañana' }}": "{{ 'tomorrow' }}",
    "{{ business.menu_url | default: 'https://example.com/carta' }}": (
        "{{ business.menu_url | default: 'https://example.com/menu' }}"
    ),
    "{{ business.name | default: 'El Olivar' }}": "{{ business.name | default: 'The Olive Tree' }}",
    "{{ business.address | default: 'Calle del Olivar, 8, Madrid' }}": (
        "{{ business.address | default: '8 Olive Street, Madrid' }}"
    ),
}
"""Words that are not read as a text: what a button of a template sends, what a day button stands for, names."""

NOT_NEEDED_IN_ENGLISH: Final = {"¡Mesa reservada!": {"data.people"}}
"""By a text's beginning: Spanish tells one guest from several, English does not."""


def normalised(file: Path) -> JSONObject:
    reading = read_flow(file.read_text(encoding="utf-8"), file=file.name)
    assert reading.program is not None, reading.diagnostics
    return reading.program


def state_names(program: JSONObject) -> list[str]:
    states = program["states"]
    assert isinstance(states, dict)
    return list(states)


def taken(text: JSON) -> set[str]:
    """What the template's expressions take from outside it, and how they write dates and times."""
    inside = " ".join(re.findall(r"\{\{(.*?)\}\}", json.dumps(text, ensure_ascii=False)))
    without_literals = re.sub(r"'[^']*'", "", inside)
    return set(re.findall(r"(?:data|contact|business)\.[a-z_.]+|\|\s*\w+", without_literals))


def differences(spanish: JSON, english: JSON, names: dict[str, str], at: str = "") -> Iterator[str]:
    key = at.rpartition("/")[2]
    if key in WORD_LISTS:
        if bool(spanish) != bool(english):
            yield f"{at}: words in one language only"
    elif key in WORDS and isinstance(spanish, str):
        gone = next((gone for begin, gone in NOT_NEEDED_IN_ENGLISH.items() if spanish.startswith(begin)), set())
        if not isinstance(english, str) or taken(spanish) - gone != taken(english):
            yield f"{at}: {spanish!r} and {english!r} do not take the same"
    elif isinstance(spanish, dict) and isinstance(english, dict):
        if [names.get(name, name) for name in spanish] != list(english):
            yield f"{at}: {list(spanish)} against {list(english)}"
        else:
            for name, other_name in zip(spanish, english, strict=True):
                yield from differences(spanish[name], english[other_name], names, f"{at}/{name}")
    elif isinstance(spanish, list) and isinstance(english, list):
        if len(spanish) != len(english):
            yield f"{at}: {len(spanish)} against {len(english)}"
        else:
            for index, (one, other) in enumerate(zip(spanish, english, strict=True)):
                yield from differences(one, other, names, f"{at}/{index}")
    elif (names.get(spanish, spanish) if isinstance(spanish, str) else spanish) != english:
        yield f"{at}: {spanish!r} against {english!r}"


@pytest.mark.parametrize("business", PAIRS)
def test_the_english_edition_is_the_spanish_conversation_in_other_words(business: str) -> None:
    spanish, english = map(normalised, PAIRS[business])
    steps = dict(zip(state_names(spanish), state_names(english), strict=True))

    assert list(differences(spanish, english, {**OTHER_NAMES, **steps})) == []


@pytest.mark.parametrize("business", PAIRS)
def test_the_english_edition_has_a_case_for_each_spanish_one(business: str) -> None:
    folder = {"hairdresser": "peluqueria", "restaurant": "restaurante"}[business]
    spanish = list((FLOWS / folder / "cases").rglob("*.yaml"))
    english = list((FLOWS / business / "cases").rglob("*.yaml"))

    assert len(spanish) == len(english)
