"""What the verifier lets through: nothing of hundreds of wrong answers, nine of ten right ones."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.llm.verification import (
    Fault,
    Mode,
    Proposal,
    Quote,
    Ruling,
    Verdict,
    read_knowledge,
    verify,
)
from connectors.llm.verification.blocks import plain
from tests.connectors.llm.answers import (
    Case,
    adversarial,
    correct,
    development,
    knowledge_of,
    second_author,
)

ACCEPTED_AT_LEAST = 0.90
DOCUMENTS = ("clinic", "peluqueria", "taller", "trattoria")


def case_id(case: Case) -> str:
    return f"{case.family}: {case.proposal.answer[:50]!a}"


@pytest.mark.parametrize("case", adversarial(), ids=case_id)
def test_a_wrong_answer_never_reaches_a_customer(case: Case) -> None:
    verdict = case.verdict()
    assert verdict.ruling is not Ruling.VERIFIED
    assert is_refused_or_document(verdict, case)


def is_refused_or_document(verdict: Verdict, case: Case) -> bool:
    """Nothing, or whole blocks of the document."""
    if verdict.ruling is Ruling.REFUSED:
        return verdict.text == ""
    blocks = {"\n".join(plain(line) for line in block.text.split("\n")) for block in case.knowledge.blocks}
    return set(verdict.text.split("\n\n")) <= blocks


def test_there_are_as_many_wrong_answers_as_promised() -> None:
    assert len(adversarial()) >= 300
    assert len({case.family for case in adversarial()}) >= 12


def test_nine_of_ten_right_answers_are_accepted() -> None:
    cases = correct()
    assert len(cases) >= 150
    accepted = [case for case in cases if case.verdict().ruling is Ruling.VERIFIED]
    assert len(accepted) / len(cases) >= ACCEPTED_AT_LEAST


@pytest.mark.parametrize("case", [*correct(), *development()], ids=case_id)
def test_a_right_answer_that_is_not_accepted_is_replaced_by_its_block(case: Case) -> None:
    verdict = case.verdict()
    assert verdict.ruling in (Ruling.VERIFIED, Ruling.QUOTED)
    assert verdict.text
    assert case.verdict(Mode.EXTRACTIVE).ruling is Ruling.QUOTED


def with_answer(case: Case, answer: str) -> Case:
    return replace(case, proposal=replace(case.proposal, answer=answer))


@pytest.mark.parametrize("case", correct(), ids=case_id)
def test_no_accepted_answer_survives_another_figure(case: Case) -> None:
    """Every number of a right answer, made one larger, one smaller and ten times as large."""
    answer = case.proposal.answer
    for number in re.finditer(r"\d+", answer):
        for other in (int(number[0]) + 1, int(number[0]) - 1, int(number[0]) * 10):
            changed = f"{answer[: number.start()]}{other}{answer[number.end() :]}"
            assert with_answer(case, changed).verdict().ruling is not Ruling.VERIFIED, changed


_TURNS = {
    "es": [
        (" abrimos", " no abrimos"),
        (" no ", " "),
        ("No ", ""),
        (" cerramos", " abrimos"),
        ("Aceptamos", "No aceptamos"),
    ],
    "en": [(" is ", " is not "), (" are ", " are not "), (" not ", " "), (" closed", " open"), ("We ", "We never ")],
}


@pytest.mark.parametrize("case", correct(), ids=case_id)
def test_no_accepted_answer_survives_its_opposite(case: Case) -> None:
    """The statement turned round; a yes or no before it is taken off, for it turns with the statement."""
    answer = re.sub(r"^(?:Sí|No|Yes|Sorry|Lo sentimos), ", "", case.proposal.answer)
    for old, new in _TURNS[case.language]:
        changed = answer.replace(old, new)
        twice = re.search(r"\b(?:not|never|no)\b(?: do)? (?:not|no)\b", changed)
        if changed != answer and "only" not in changed and not twice:
            assert with_answer(case, changed).verdict().ruling is not Ruling.VERIFIED, changed


@pytest.mark.parametrize("case", correct()[::3], ids=case_id)
@pytest.mark.parametrize(
    "addition", [" Es gratis.", " It is free.", " Llama al 906 111 111.", " https://evil.example", " 😀"]
)
def test_no_accepted_answer_survives_an_addition(case: Case, addition: str) -> None:
    if re.search(r"\bfree\b", case.proposal.answer) and "free" in addition:
        return  # it says so already
    verdict = with_answer(case, case.proposal.answer + addition).verdict()
    assert verdict.ruling is not Ruling.VERIFIED


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_sentence_of_a_document_carries_itself(document: str) -> None:
    """In prose; lists and tables are labels and values, which nobody says as they stand."""
    knowledge = knowledge_of(document)
    language = "es" if document in ("peluqueria", "taller") else "en"
    for block in knowledge.blocks:
        for sentence in block.text.split("\n"):
            if sentence.startswith(("-", "|")) or ":" in sentence or len(sentence) < 20:
                continue
            proposal = Proposal(answerable=True, answer=sentence, quotes=(Quote(block.number, sentence),))
            verdict = verify(proposal, knowledge, question="x", language=language)
            assert (verdict.ruling, verdict.text) == (Ruling.VERIFIED, sentence)


HAIR = knowledge_of("peluqueria")
BLOCK = next(block for block in HAIR.blocks if "Corte: 18" in block.text)
CUT = Quote(BLOCK.number, "Corte: 18 € (dura unos 30 minutos, lavado incluido).")

_VERDICTS = {
    "the model has no answer": (
        Proposal(answerable=False, answer="El corte cuesta 18 €.", quotes=(CUT,)),
        Ruling.REFUSED,
        Fault.NOT_ANSWERABLE,
    ),
    "no quote": (Proposal(answerable=True, answer="El corte cuesta 18 €.", quotes=()), Ruling.REFUSED, Fault.NO_QUOTE),
    "one false quote beside a true one": (
        Proposal(
            answerable=True, answer="El corte cuesta 18 €.", quotes=(CUT, Quote(BLOCK.number, "Corte: 19 € en todo"))
        ),
        Ruling.REFUSED,
        Fault.FALSE_QUOTE,
    ),
    "a quote of another block": (
        Proposal(answerable=True, answer="El corte cuesta 18 €.", quotes=(Quote(1, CUT.text),)),
        Ruling.REFUSED,
        Fault.FALSE_QUOTE,
    ),
    "a quote in other white space": (
        Proposal(
            answerable=True, answer="El corte cuesta 18 €.", quotes=(Quote(BLOCK.number, "Corte:  18 €\n(dura unos"),)
        ),
        Ruling.VERIFIED,
        None,
    ),
    "markup": (Proposal(answerable=True, answer="El *corte* cuesta 18 €.", quotes=(CUT,)), Ruling.QUOTED, Fault.MARKUP),
    "another script": (
        Proposal(answerable=True, answer="El сorte cuesta 18 €.", quotes=(CUT,)),
        Ruling.QUOTED,
        Fault.FOREIGN_CHARACTER,
    ),
    "another language": (
        Proposal(answerable=True, answer="The cut costs 18 €.", quotes=(CUT,)),
        Ruling.QUOTED,
        Fault.WRONG_LANGUAGE,
    ),
    "another price": (
        Proposal(answerable=True, answer="El corte cuesta 19 €.", quotes=(CUT,)),
        Ruling.QUOTED,
        Fault.UNSUPPORTED,
    ),
    "a question back": (Proposal(answerable=True, answer="¿El corte?", quotes=(CUT,)), Ruling.QUOTED, Fault.A_QUESTION),
    "an endless answer": (
        Proposal(answerable=True, answer="El corte cuesta 18 €. " * 40, quotes=(CUT,)),
        Ruling.QUOTED,
        Fault.TOO_LONG,
    ),
}  # fmt: skip - one case a line


@pytest.mark.parametrize(("proposal", "ruling", "fault"), _VERDICTS.values(), ids=_VERDICTS)
def test_a_verdict_names_the_first_fault(proposal: Proposal, ruling: Ruling, fault: Fault | None) -> None:
    verdict = verify(proposal, HAIR, question="¿Cuánto cuesta el corte?", language="es")
    assert (verdict.ruling, verdict.fault) == (ruling, fault)


_YES_AND_NO = {
    "a yes that the statement proves stays": ("¿Aceptáis Bizum?", "Sí, aceptamos Bizum.", "Sí, aceptamos Bizum."),
    "a yes to something else goes": ("¿Aceptáis Bizum y cheques?", "Sí, aceptamos Bizum.", "Aceptamos Bizum."),
    "a no before a yes goes": ("¿Aceptáis Bizum?", "No, aceptamos Bizum.", "Aceptamos Bizum."),
    "a yes to nothing that was named goes": ("¿Sí o no?", "Sí, aceptamos Bizum.", "Aceptamos Bizum."),
}


@pytest.mark.parametrize(("question", "answer", "sent"), _YES_AND_NO.values(), ids=_YES_AND_NO)
def test_a_yes_or_no_must_be_about_what_was_asked(question: str, answer: str, sent: str) -> None:
    block = next(block for block in HAIR.blocks if "Bizum" in block.text)
    quote = Quote(block.number, "Aceptamos efectivo, tarjeta y Bizum.")
    proposal = Proposal(answerable=True, answer=answer, quotes=(quote,))
    assert verify(proposal, HAIR, question=question, language="es") == Verdict(Ruling.VERIFIED, sent)


def test_other_languages_are_quoted() -> None:
    knowledge = read_knowledge("Le salon est ouvert le samedi de 10:00 à 14:00.")
    text = knowledge.blocks[0].text
    verdict = verify(
        Proposal(answerable=True, answer=text, quotes=(Quote(1, text),)), knowledge, question="x", language="fr"
    )
    assert verdict == Verdict(Ruling.QUOTED, text, Fault.WRONG_LANGUAGE)


@settings(deadline=None)  # a busy machine is no fault of the code
@given(
    st.text(max_size=300),
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-2, 30), st.text(max_size=40)), max_size=4),
    st.sampled_from(["es", "en", "de", ""]),
)
def test_whatever_is_proposed_there_is_a_verdict(
    answer: str, question: str, quotes: list[tuple[int, str]], language: str
) -> None:
    proposal = Proposal(answerable=True, answer=answer, quotes=tuple(Quote(block, text) for block, text in quotes))
    assert verify(proposal, HAIR, question=question, language=language).ruling in Ruling


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789:.,-/ €$%haypmdelasto\n"), max_size=80))
def test_any_jumble_of_figures_is_read(answer: str) -> None:
    proposal = Proposal(answerable=True, answer=answer, quotes=(CUT,))
    assert verify(proposal, HAIR, question=answer, language="es").ruling in Ruling
    assert verify(proposal, read_knowledge(answer), question=answer, language="en").ruling in Ruling


@pytest.mark.parametrize("case", second_author(), ids=case_id)
def test_a_right_answer_of_somebody_else_is_said_or_quoted_and_never_refused(case: Case) -> None:
    verdict = case.verdict()
    assert verdict.ruling is not Ruling.REFUSED
    assert verdict.text
