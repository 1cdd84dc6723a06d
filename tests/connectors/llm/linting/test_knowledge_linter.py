"""What the linter finds in a document, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.llm.linting import KnowledgeFacts, lint_knowledge
from connectors.llm.linting.cli import main
from connectors.llm.verification import read_knowledge
from connectors.plain_json import JSON
from tests.connectors.llm.answers import markdown_of

TODAY = date(2026, 11, 29)
ROOT = Path(__file__).parents[4]

BUSINESS: dict[str, JSON] = {
    "hours": {
        "mon": ["10:00-14:00", "17:00-21:00"],
        "tue": ["10:00-14:00", "17:00-21:00"],
        "wed": ["10:00-14:00", "17:00-21:00"],
        "thu": ["10:00-14:00", "17:00-21:00"],
        "fri": ["10:00-14:00", "17:00-21:00"],
        "sat": ["10:00-14:00"],
    },
    "services": [
        {"id": "cut", "name": {"es": "Corte", "en": "Haircut"}, "price": "18 €"},
        {"id": "color", "name": "Color", "price": 45},
        {"id": "style", "name": "Peinado", "price": "a consultar"},
    ],
}

_CASES: dict[str, tuple[str, list[str]]] = {
    "two prices for one thing": ("- Corte: 18 €\n- Color: 45 €\n\nEl corte cuesta 20 €.", ["K101:4", "K103:4"]),
    "the same price in other words": ("- Corte: 18 €\n\nUn corte vale 18 euros.", []),
    "a price for children": ("- Corte: 18 €\n- Corte para niños: 12 €", []),
    "a price from": ("- Mechas: desde 60 €\n- Mechas: desde 80 €", []),
    "a price that the settings have otherwise": ("- Cortes: 19 €\n- Color: 45,00 €", ["K103:1"]),
    "a price in another language": ("- Haircut: €20", ["K103:1"]),
    "a service of which the settings name no price": ("- Peinado: 25 €", []),
    "hours that are those of the settings": (
        "## Horario\n\nDe lunes a viernes abrimos de 10:00 a 14:00 y de 17:00 a 21:00.\nLos domingos cerramos.",
        [],
    ),
    "two stories about one day": (
        "## Horario\n\nLos sábados abrimos de 10:00 a 14:00.\n\n## Citas\n\nEl sábado abrimos de 9:00 a 13:00.",
        ["K102:7", "K104:7"],
    ),
    "closed and open": ("Los sábados abrimos de 10:00 a 14:00.\n\nLos sábados cerramos.", ["K102:3", "K104:3"]),
    "hours against the settings": ("Abrimos los lunes de 9 a 14 h y de 17:00 a 21:00.", ["K104:1"]),
    "hours in English": ("We are open on Saturday from 10 am to 2 pm.", []),
    "hours of August": ("En agosto abrimos los lunes de 9:00 a 14:30.", []),
    "hours of the kitchen": ("## Horario\n\nServimos cenas de 20:30 a 23:30, de martes a sábado.", []),
    "a day without hours": ("Los lunes hay menos gente.", []),
    "a sentence that stands twice": (
        "Aceptamos efectivo, tarjeta y Bizum.\n\n## Pago\n\n- Aceptamos  efectivo, tarjeta y Bizum.",
        ["K105:5"],
    ),
    "a short sentence that stands twice": ("Claro que sí.\n\nClaro que sí.", []),
    "a section that is over": ("## Oferta\n\nvalid_until: 2026-11-28\n\nEl color, a 30 €.", ["K106:3"]),
    "a section that holds today": ("## Oferta\n\n<!-- valid_until: 2026-11-29 -->\n\nUn regalo.", []),
    "a day that is none": ("## Oferta\n\nvalid_until: mañana\n\nUn regalo.", ["K107:3"]),
    "an empty section": ("## Pago\n\n## Citas\n\nCon cita previa.\n\n## Otros", ["K108:1", "K108:7"]),
    "a section of sections": ("# Todo\n\n## Citas\n\nCon cita previa.", []),
    "an empty document": (" \n", ["K111:1"]),
    "a very long document": ("Una frase cualquiera de muchas palabras sin más. " * 1, []),
}


def found(markdown: str, *languages: str) -> list[str]:
    facts = KnowledgeFacts.from_business(BUSINESS, languages or ("es",))
    return [f"{finding.code}:{finding.line}" for finding in lint_knowledge(markdown, today=TODAY, facts=facts)]


@pytest.mark.parametrize(("markdown", "findings"), _CASES.values(), ids=_CASES.keys())
def test_what_is_found(markdown: str, findings: list[str]) -> None:
    assert found(markdown) == findings


def test_a_document_that_every_question_pays_for() -> None:
    markdown = "\n\n".join(f"Frase número {number} de un documento larguísimo." for number in range(2_000))
    assert found(markdown) == ["K109:1"]


def test_a_language_that_is_offered_and_never_written() -> None:
    spanish = markdown_of("peluqueria")
    assert [code for code in found(spanish, "es", "en") if code.startswith("K110")] == ["K110:1"]
    assert not [code for code in found(spanish, "es") if code.startswith("K110")]
    both = f"{spanish}\n\n{markdown_of('clinic')}"
    assert not [code for code in found(both, "es", "en") if code.startswith("K110")]
    assert not [code for code in found(spanish, "es", "fr") if code.startswith("K110")]


SHIPPED = {
    "peluqueria": ("es",),
    "hairdresser": ("en",),
    "clinica": ("es", "en"),
    "restaurante": ("es",),
    "restaurant": ("en",),
}
"""Folders of ``flows/`` with the languages that their conversations offer."""


@pytest.mark.parametrize(("folder", "languages"), SHIPPED.items(), ids=SHIPPED.keys())
def test_the_shipped_documents_have_no_findings(folder: str, languages: tuple[str, ...]) -> None:
    document = (ROOT / "flows" / folder / "knowledge.md").read_text(encoding="utf-8")
    assert lint_knowledge(document, today=TODAY, facts=KnowledgeFacts(languages)) == ()


def test_every_shipped_document_is_looked_at() -> None:
    assert {path.parent.name for path in ROOT.glob("flows/*/knowledge.md")} == SHIPPED.keys()


@given(st.text(max_size=300))
def test_any_text_is_read(markdown: str) -> None:
    for finding in lint_knowledge(markdown, today=TODAY, facts=KnowledgeFacts.from_business(BUSINESS, ("es", "en"))):
        assert finding.line >= 1
        assert finding.message.es
        assert finding.hint.es


def test_how_long_something_holds_is_told_to_no_customer() -> None:
    knowledge = read_knowledge("## Oferta\n\nvalid_until: 2026-12-31\nEl color, a 30 €.\n<!-- valid_until: 2026 -->")
    assert [block.text for block in knowledge.blocks] == ["El color, a 30 €."]


def test_the_command_prints_one_line_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document, settings = tmp_path / "faq.md", tmp_path / "business.yaml"
    document.write_text("- Corte: 20 €\n", encoding="utf-8")
    settings.write_text("business: {services: [{id: cut, name: Corte, price: 18 €}]}\n", encoding="utf-8")
    assert main([str(document), "--language", "es", "--settings", str(settings), "--on", "2026-11-29"]) == 1
    assert capsys.readouterr().out.startswith(f"{document}:1: K103 «Corte: 20 €» no es lo que cuesta")
    assert main([str(document)]) == 0
    assert main([str(tmp_path / "none.md")]) == 2
