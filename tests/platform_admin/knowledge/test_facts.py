"""Facts of the business in the FAQ: one source, in the tenant's language, filled wherever the text is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.vocabulary import JSONObject
from platform_admin.knowledge.facts import UnknownFact, facts_of, fill_facts, unknown_facts

TODAY = date(2026, 11, 30)
BUSINESS: JSONObject = {
    "name": "Luna",
    "phone": " 600  000 000 ",
    "parking": "Plaza del Mercado",
    "open_to_all": True,
    "hours": {
        **{day: ["10:00-14:00", "17:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "sat": ["10:00-14:00"],
    },
    "special_days": [
        {"date": "2026-12-24", "hours": ["10:00-13:00"], "name": "Nochebuena"},
        {"date": "2025-12-24", "hours": []},
    ],
    "holidays": ["2026-12-25", "2026-01-01", "not a day"],
    "services": [
        {"id": "corte", "name": "Corte", "minutes": 30, "price": "18 €"},
        {"id": "barba", "name": "Barba", "minutes": 20},
    ],
    "staff": [{"id": "ana", "name": "Ana"}, {"id": "eva", "name": "Eva"}, {"id": "mar", "name": "Mar"}],
}

SPANISH = {
    "business.name": ("Luna",),
    "business.phone": ("600 000 000",),
    "business.parking": ("Plaza del Mercado",),
    "business.hours": (
        "Lunes a viernes: de 10:00 a 14:00 y de 17:00 a 21:00.",
        "Sábado: de 10:00 a 14:00.",
        "Domingo: cerrado.",
    ),
    "business.special_days": ("24 de diciembre de 2026 (Nochebuena): de 10:00 a 13:00.",),
    "business.holidays": ("25 de diciembre de 2026",),
    "business.services": ("- Corte: 18 € (unos 30 minutos).", "- Barba: unos 20 minutos."),
    "business.staff": ("Ana, Eva y Mar",),
}


def test_every_part_of_the_settings_is_a_fact_in_words() -> None:
    facts = {fact.key: fact.lines for fact in facts_of(BUSINESS, language="es", today=TODAY) if fact.listed}
    assert facts == SPANISH


def test_the_words_are_in_the_tenants_language() -> None:
    facts = {fact.key: fact.lines for fact in facts_of(BUSINESS, language="en-GB", today=TODAY)}
    assert facts["business.hours"][0] == "Monday to Friday: from 10:00 to 14:00 and from 17:00 to 21:00."
    assert facts["business.hours.sun"] == ("closed",)
    assert facts["business.services.corte.price"] == ("18 €",)
    assert facts["business.services.barba.minutes"] == ("20",)


def test_a_list_takes_its_lines_where_it_stands_alone_and_one_line_in_a_sentence() -> None:
    facts = facts_of(BUSINESS, language="es", today=TODAY)
    text = "## Horario\n\n{{ business.hours }}\n\nHacemos {{business.services}}.\n"
    assert fill_facts(text, facts) == (
        "## Horario\n\n" + "\n".join(SPANISH["business.hours"]) + "\n\n"
        "Hacemos Corte: 18 € (unos 30 minutos); Barba: unos 20 minutos.\n"
    )


@pytest.mark.parametrize(
    "text", ["{{ business.fax }}", "Fax {{business.services.tinte.price}}", "{{ business.open_to_all }}"]
)
def test_what_nothing_fills_stays_and_is_told_with_its_line(text: str) -> None:
    facts = facts_of(BUSINESS, language="es", today=TODAY)
    assert fill_facts(text, facts) == text
    (unknown,) = unknown_facts(f"# A\n\n{text}\n", facts)
    assert isinstance(unknown, UnknownFact)
    assert (unknown.line, unknown.key in text) == (3, True)


@given(st.text())
def test_a_text_without_placeholders_stays_as_it_is(text: str) -> None:
    facts = facts_of(BUSINESS, language="es", today=TODAY)
    if "{{" not in text:
        assert fill_facts(text, facts) == text
        assert unknown_facts(text, facts) == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_settings_of_any_shape_break_nothing(value: object) -> None:
    business: JSONObject = dict.fromkeys(("name", "hours", "special_days", "holidays", "services", "staff"), value)  # type: ignore[arg-type] # any JSON
    for fact in facts_of(business, language="es", today=TODAY):
        assert all(line.strip() for line in fact.lines)
