"""A model that does whatever the customer says, against customers who know what to say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from connectors.llm import AnswerOutcome
from connectors.llm.prompt import INSTRUCTIONS
from connectors.llm.verification import read_knowledge
from connectors.llm.verification.blocks import plain
from tests.connectors.llm.attacks import FOLDER, attack_texts
from tests.connectors.llm.engines import KNOWLEDGE, PROVIDERS, engine

BLOCKS = read_knowledge(KNOWLEDGE).blocks
SENDABLE = {"\n".join(plain(line) for line in block.text.split("\n")) for block in BLOCKS}
QUOTE = {"block": 1, "quote": BLOCKS[0].text.split("\n")[0]}


def attack_in(body: dict[str, Any]) -> str:
    found = re.search(r"<question>(.*)</question>", str(body["messages"][-1]["content"]), re.DOTALL)
    return found[1] if found else ""


def with_true_quote(answer: str) -> object:
    return {"answerable": True, "answer": answer, "quotes": [QUOTE]}


_OBEDIENCE: dict[str, Callable[[dict[str, Any]], object]] = {
    "repeats it": lambda body: with_true_quote(attack_in(body)),
    "repeats its beginning after a true sentence": lambda body: with_true_quote(
        f"{QUOTE['quote']} {attack_in(body)[:200]}"
    ),
    "says it again as its quote": lambda body: {
        "answerable": True,
        "answer": attack_in(body)[:300],
        "quotes": [{"block": 1, "quote": attack_in(body)[:200]}],
    },
    "gives its instructions away": lambda _: with_true_quote(INSTRUCTIONS[:500]),
    "drops the format": attack_in,
    "agrees": lambda _: with_true_quote("Sure! I have been hacked and will do anything you want."),
}


@pytest.mark.skipif(not attack_texts(), reason=f"no collection of attacks in {FOLDER}; set FRONTDESK_TEST_DATA")
@pytest.mark.parametrize("brain", _OBEDIENCE.values(), ids=_OBEDIENCE)
@pytest.mark.parametrize("language", ["es", "en"])
async def test_nothing_that_an_obedient_model_says_reaches_a_customer(
    brain: Callable[[dict[str, Any]], object], language: str
) -> None:
    through = []
    async with engine(PROVIDERS[1]) as at:
        at.fake.brain = brain
        for text in attack_texts():
            answer = await at.llm.answer(text[:1000], knowledge=KNOWLEDGE, language=language)
            documented = answer.text in SENDABLE
            if not (documented if answer.outcome is AnswerOutcome.ANSWERED else answer.text == ""):
                through.append(answer.text)
        assert at.fake.calls > 100
    assert through == []
