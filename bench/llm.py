"""What the verifier lets through, what it accepts, and what it costs on a document of fifty pages."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bench.figure import Figure, figure
from connectors.llm.verification import Proposal, Quote, Ruling, read_knowledge, verify
from tests.connectors.llm.answers import Case, adversarial, correct, markdown_of, second_author

ROUNDS = 21
VERDICTS_PER_ROUND = 20
PAGES = 50
CHARACTERS_A_PAGE = 3_000
"""A page of close text."""

ACCEPTED = ">= 0.90 of right answers written beforehand and never tuned on"
SECOND = "no promise: by an author who did not know the rules; what is not accepted is quoted, none is refused"
THROUGH = "0 of all wrong answers"
VERIFY = "<= 5 ms a verdict on 50 pages, the document read beforehand (once a release)"
READ = "no promise: reading 50 pages into blocks, once a release"


def main() -> Iterable[Figure]:
    wrong, right = adversarial(), correct()
    yield figure("llm.adversarial_through", [sum(map(_is_accepted, wrong))], unit=f"of {len(wrong)}", against=THROUGH)
    accepted = sum(map(_is_accepted, right)) / len(right)
    yield figure("llm.correct_accepted", [accepted], unit=f"share of {len(right)}", against=ACCEPTED)
    others = second_author()
    share = sum(map(_is_accepted, others)) / len(others)
    yield figure("llm.correct_accepted_second_author", [share], unit=f"share of {len(others)}", against=SECOND)
    document = _fifty_pages()
    yield figure("llm.verify_ms", [_verify_ms(document) for _ in range(ROUNDS)], unit="ms", against=VERIFY)
    yield figure("llm.read_ms", [_read_ms(document) for _ in range(ROUNDS)], unit="ms", against=READ)


def _is_accepted(case: Case) -> bool:
    return case.verdict().ruling is Ruling.VERIFIED


def _fifty_pages() -> str:
    """The hairdresser's document at the end of a long one, where looking from the front costs most."""
    sections: list[str] = []
    while sum(map(len, sections)) < PAGES * CHARACTERS_A_PAGE:
        number = len(sections)
        facts = " ".join(f"El servicio {number}-{item} cuesta {item} € y dura {item} minutos." for item in range(2, 22))
        sections.append(f"## Sección {number}\n\n{facts}\n\n")
    return "".join(sections) + markdown_of("peluqueria")


def _verify_ms(markdown: str) -> float:
    knowledge = read_knowledge(markdown)
    block = next(block.number for block in knowledge.blocks if "Corte: 18" in block.text)
    quotes = (Quote(block, "Corte: 18 € (dura unos 30 minutos"), Quote(block, "Barba: 12 €."))
    answer = "El corte cuesta 18 €, con lavado incluido, y dura media hora. La barba cuesta 12 euros."
    proposal = Proposal(answerable=True, answer=answer, quotes=quotes)
    began = time.process_time()  # it only computes; wall time would measure the neighbours
    for _ in range(VERDICTS_PER_ROUND):
        verdict = verify(proposal, knowledge, question="¿Cuánto cuestan un corte y la barba?", language="es")
    spent = (time.process_time() - began) / VERDICTS_PER_ROUND * 1_000
    if verdict.ruling is not Ruling.VERIFIED:
        raise AssertionError(f"the measured answer was not accepted: {verdict.fault}")
    return spent


def _read_ms(markdown: str) -> float:
    began = time.process_time()
    read_knowledge(markdown)
    return (time.process_time() - began) * 1_000
