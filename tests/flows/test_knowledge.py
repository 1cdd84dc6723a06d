"""What the flow says itself and what the knowledge document says are the same."""

from __future__ import annotations

import re
from pathlib import Path

FLOWS = Path(__file__).parents[2] / "flows"
FLOW = (FLOWS / "peluqueria_flow.yaml").read_text(encoding="utf-8")
KNOWLEDGE = (FLOWS / "peluqueria" / "knowledge.md").read_text(encoding="utf-8")


def test_prices_agree() -> None:
    in_flow = dict(re.findall(r"(Corte|Color|Barba) (\d+) €", FLOW))
    in_knowledge = dict(re.findall(r"- (Corte|Color|Barba): (\d+) €", KNOWLEDGE))

    assert in_flow == in_knowledge
    assert set(in_flow) == {"Corte", "Color", "Barba"}


def test_opening_hours_agree() -> None:
    for hours in ("de 10:00 a 14:00 y de 17:00 a 21:00", "de 10:00 a 14:00"):
        assert hours in FLOW
        assert hours in KNOWLEDGE


def test_every_section_has_a_heading_and_a_text() -> None:
    sections = re.split(r"^## .+$", KNOWLEDGE, flags=re.MULTILINE)

    assert KNOWLEDGE.startswith("# Lo que preguntan los clientes\n")
    assert "Marea" not in KNOWLEDGE  # every business that starts from this text has a name of its own
    assert len(sections) >= 10
    assert all(section.strip() for section in sections[1:])
