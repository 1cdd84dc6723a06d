"""Why the bot did what it did, in an author's words: every kind of entry, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

import pytest
from django.utils.translation import override

from flow_engine.language import read_flow
from flow_engine.trace import (
    ActionRun,
    CallFailed,
    EnteredBecause,
    OptionRecognised,
    OutputDegraded,
    QuestionAnswered,
    RecognisedBy,
    StateEntered,
    TaskStarted,
    TraceEntry,
    TransitionsTried,
    Verdict,
)
from flow_engine.trace_answers import AnswerRefused, OldTap
from flow_engine.trace_detours import Interrupted, WishConfirmed
from flow_engine.vocabulary import AnswerOutcome, FailureKind, JSONObject
from platform_admin.authoring.reason_words import BECAUSE, FAILURES, OUTCOMES, SENTENCES, VERDICTS
from platform_admin.authoring.reasons import Reasons

_TEXT: Final = (Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml").read_text(encoding="utf-8")

SAID: Final[list[tuple[TraceEntry, str, str]]] = [
    (
        StateEntered("ELEGIR_DIA", EnteredBecause.TRANSITION),
        "“Elegir día” comes now: the way leads here.",
        "Ahora viene «Elegir día»: el camino lleva aquí.",
    ),
    (
        OptionRecognised("menu_book", RecognisedBy.TITLE),
        "What was written means “Reservar cita”.",
        "Lo escrito significa «Reservar cita».",
    ),
    (
        OldTap("gone"),
        "“gone” was tapped in an old message, so only what holds everywhere was tried.",
        "Se tocó «gone» en un mensaje antiguo, así que solo se probó lo que vale en todas partes.",
    ),
    (
        CallFailed("1", FailureKind.TIMEOUT),
        "The connected service gave no answer: it did not answer in time.",
        "El servicio conectado no dio respuesta: no respondió a tiempo.",
    ),
    (
        QuestionAnswered("1", AnswerOutcome.OUT_OF_SCOPE),
        "The FAQ was asked: nothing is said about it there.",
        "Se consultaron las preguntas frecuentes: allí no se dice nada de eso.",
    ),
    (TaskStarted("remind"), "The reminder “remind” is due.", "Toca el aviso «remind»."),
    (
        Interrupted("ELEGIR_DIA"),
        "The open question of “Elegir día” is put aside.",
        "La pregunta abierta de «Elegir día» se aparta.",
    ),
    (
        AnswerRefused("format", 2),
        "The answer could not be used; this was try 2.",
        "La respuesta no servía; fue el intento 2.",
    ),
]


@pytest.fixture(scope="module")
def flow() -> JSONObject:
    program = read_flow(_TEXT, file="main.yaml").program
    assert program is not None
    return program


@pytest.mark.parametrize(("entry", "english", "spanish"), SAID, ids=lambda value: type(value).__name__)
def test_an_entry_is_told_in_both_languages(flow: JSONObject, entry: TraceEntry, english: str, spanish: str) -> None:
    assert Reasons(flow).of([entry]) == (english,)
    with override("es"):
        assert Reasons(flow).of([entry]) == (spanish,)


def test_what_was_tried_says_which_way_fitted_and_what_was_looked_at_before(flow: JSONObject) -> None:
    (told,) = Reasons(flow).of([TransitionsTried(None, (Verdict.OTHER_PAYLOAD, Verdict.MATCHED))])
    assert told == (
        "“Reservar cita” leads to “Elegir servicio”. Looked at before: “Menú”: something else was tapped or written."
    )
    (none,) = Reasons(flow).of([TransitionsTried(None, (Verdict.OTHER_PAYLOAD,))])
    assert none == "Nothing here fits. Looked at: “Menú”: something else was tapped or written."


def test_every_word_of_the_engine_has_one_for_authors() -> None:
    assert (set(BECAUSE), set(VERDICTS)) == (set(EnteredBecause), set(Verdict))
    assert (set(FAILURES), set(OUTCOMES)) == (set(FailureKind), set(AnswerOutcome))
    special = {TransitionsTried, StateEntered, OptionRecognised, OldTap, OutputDegraded, WishConfirmed, ActionRun}
    assert set(SENTENCES) | special == set(get_args(TraceEntry.__value__))


def test_an_entry_of_another_release_is_told_without_its_names() -> None:
    told = Reasons({}).of([TransitionsTried("GONE", (Verdict.MATCHED,)), StateEntered("GONE", EnteredBecause.START)])
    assert told == ("“Gone” comes now: every conversation begins here.",)
    assert Reasons({}).of([OutputDegraded(0, ()), ActionRun("A", 0, "send_text")]) == (
        "The message did not fit where it is read, and was put differently.",
    )
