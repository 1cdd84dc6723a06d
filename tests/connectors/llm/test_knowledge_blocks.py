"""What an answer may be taken from: blocks that say something without what stands around them."""

from __future__ import annotations

import pytest

from connectors.llm.verification import (
    Fault,
    Proposal,
    Quote,
    Ruling,
    Verdict,
    read_knowledge,
    verify,
)
from tests.connectors.llm.answers import (
    markdown_of,
)

_LIMITED = {
    "a heading that denies": "## No hacemos\n\nPermanentes y extensiones de pelo.\n",
    "a heading that limits": "## Solo en agosto\n\nAbrimos de 9:00 a 14:30 sin interrupción.\n",
}


@pytest.mark.parametrize("markdown", _LIMITED.values(), ids=_LIMITED)
def test_a_block_under_a_limiting_heading_is_neither_answered_from_nor_sent(markdown: str) -> None:
    knowledge = read_knowledge(markdown)
    text = knowledge.blocks[0].text
    proposal = Proposal(answerable=True, answer=text, quotes=(Quote(1, text),))
    verdict = verify(proposal, knowledge, question="x", language="es")
    assert verdict == Verdict(Ruling.REFUSED, fault=Fault.BLOCK_DOES_NOT_STAND_ALONE)


def test_a_list_means_nothing_without_the_line_before_it() -> None:
    knowledge = read_knowledge("No hacemos:\n\n- permanentes\n- extensiones\n")
    assert [block.text for block in knowledge.blocks] == ["No hacemos:\n- permanentes\n- extensiones"]
    proposal = Proposal(answerable=True, answer="Hacemos extensiones.", quotes=(Quote(1, "- extensiones"),))
    verdict = verify(proposal, knowledge, question="x", language="es")
    assert (verdict.ruling, verdict.fault) == (Ruling.QUOTED, Fault.CONTRARY)


def test_a_long_or_third_block_is_not_sent() -> None:
    knowledge = read_knowledge("\n\n".join(["Una frase larga de verdad. " * 40, "Primera frase.", "Segunda frase."]))
    for quotes in ([1], [2, 3, 1]):
        chosen = tuple(Quote(number, knowledge.blocks[number - 1].text) for number in quotes)
        proposal = Proposal(answerable=True, answer="Inventado.", quotes=chosen)
        verdict = verify(proposal, knowledge, question="x", language="es")
        assert verdict == Verdict(Ruling.REFUSED, fault=Fault.BLOCK_DOES_NOT_STAND_ALONE)


def test_blocks_are_numbered_from_one_and_know_their_headings() -> None:
    knowledge = read_knowledge(markdown_of("clinic"))
    assert [block.number for block in knowledge.blocks] == list(range(1, len(knowledge.blocks) + 1))
    assert knowledge.blocks[0].headings == ("Riverside Dental Clinic", "Opening hours")
    assert knowledge.block(0) is None
    assert knowledge.block(len(knowledge.blocks) + 1) is None


def test_what_is_sent_is_free_of_markdown() -> None:
    markdown = (
        "Ver **la web** [aquí](https://a.example/x) y `ya` está.\n\n| Corte | 18 € |\n|---|---|\n| Color | 45 € |\n"
    )
    knowledge = read_knowledge(markdown)
    proposal = Proposal(
        answerable=True, answer="", quotes=tuple(Quote(block.number, block.text) for block in knowledge.blocks)
    )
    verdict = verify(proposal, knowledge, question="x", language="es")
    assert verdict.text == "Ver la web aquí (https://a.example/x) y ya está.\n\nCorte, 18 €\nColor, 45 €"
