"""What the flows say themselves and what the knowledge documents say are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FLOWS = Path(__file__).parents[2] / "flows"
BUSINESSES = {
    "Clínica Dental Alba": (FLOWS / "clinica" / "flow.yaml", FLOWS / "clinica"),
    "Marea Hair": (FLOWS / "hairdresser" / "flow.yaml", FLOWS / "hairdresser"),
    "The Olive Tree": (FLOWS / "restaurant" / "flow.yaml", FLOWS / "restaurant"),
    "El Olivar": (FLOWS / "restaurante" / "flow.yaml", FLOWS / "restaurante"),
    "Peluquería Marea": (FLOWS / "peluqueria_flow.yaml", FLOWS / "peluqueria"),
}
SAID_IN_BOTH = [
    ("Peluquería Marea", "de 10:00 a 14:00 y de 17:00 a 21:00"),
    ("Peluquería Marea", "de 10:00 a 14:00"),
    ("Marea Hair", "10:00 to 14:00"),
    ("Marea Hair", "17:00 to 21:00"),
    ("The Olive Tree", "from 13:30 to 16:00"),
    ("The Olive Tree", "from 20:30 to 23:30"),
    ("The Olive Tree", "€16"),
    ("El Olivar", "de 13:30 a 16:00"),
    ("El Olivar", "de 20:30 a 23:30"),
    ("El Olivar", "16 €"),
    ("Clínica Dental Alba", "de 9:00 a 14:00 y de 16:00 a 20:00"),
    ("Clínica Dental Alba", "9:00 to 14:00"),
    ("Clínica Dental Alba", "50 €"),
    ("Clínica Dental Alba", "€50"),
    ("Clínica Dental Alba", "desde 60 €"),
    ("Clínica Dental Alba", "from €60"),
    ("Clínica Dental Alba", "Sanitas y Adeslas"),
    ("Clínica Dental Alba", "Sanitas and Adeslas"),
]


def texts_of(business: str) -> tuple[str, str]:
    flow, folder = BUSINESSES[business]
    return flow.read_text(encoding="utf-8"), (folder / "knowledge.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("business", "services", "price"),
    [("Peluquería Marea", "Corte|Color|Barba", r"(\d+) €"), ("Marea Hair", "Cut|Colour|Beard", r"€(\d+)")],
)
def test_the_prices_of_the_hairdresser_agree(business: str, services: str, price: str) -> None:
    flow, knowledge = texts_of(business)
    in_flow = dict(re.findall(rf"({services}) {price}", flow))
    in_knowledge = dict(re.findall(rf"- ({services}): {price}", knowledge))

    assert in_flow == in_knowledge
    assert set(in_flow) == set(services.split("|"))


@pytest.mark.parametrize(("business", "words"), SAID_IN_BOTH)
def test_hours_prices_and_insurers_stand_in_both(business: str, words: str) -> None:
    flow, knowledge = texts_of(business)

    assert words in flow
    assert words in knowledge


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_section_has_a_heading_and_a_text(business: str) -> None:
    _, knowledge = texts_of(business)
    sections = re.split(r"^## .+$", knowledge, flags=re.MULTILINE)

    # A business that starts from it has another name.
    assert re.match(r"# (Lo que preguntan los \w+|What \w+ ask)\n", knowledge)
    assert business not in knowledge
    assert len(sections) >= 10
    assert all(section.strip() for section in sections[1:])
