"""What the blocks of a bundle mean, and which blocks mean nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Parameter, Template
from flow_engine.vocabulary import JSON, MessageType
from runtime.errors import ConfigurationError
from runtime.outreach import ApprovedTemplates, OptWords, Outreach, TakeoverRule
from runtime.wish import Wish

NOW = datetime(2026, 3, 2, tzinfo=UTC)

WORDS: dict[str, tuple[MessageType, str, str | None, bool, Wish | None]] = {
    "the word": (MessageType.TEXT, "STOP", None, False, Wish.OUT),
    "with signs and blanks": (MessageType.TEXT, "  ¡Baja!  ", None, False, Wish.OUT),
    "with other accents": (MessageType.TEXT, "no mas mensajes", None, False, Wish.OUT),
    "a word of another language": (MessageType.TEXT, "Arrêt", None, False, Wish.OUT),
    "twice": (MessageType.TEXT, "stop", None, True, Wish.OUT),
    "Meta's button": (MessageType.BUTTON, "Stop promotions", "Stop promotions", False, Wish.OUT),
    "a button with another payload": (MessageType.BUTTON, "Detener promociones", "x", False, Wish.OUT),
    "a button whose payload says it": (MessageType.BUTTON, "Ya no", "STOP", False, Wish.OUT),
    "a sentence with the word": (MessageType.TEXT, "don't stop calling me", None, False, None),
    "the word under a picture": (MessageType.IMAGE, "stop", None, False, None),
    "back again": (MessageType.TEXT, "start", None, True, Wish.IN),
    "start without a stop": (MessageType.TEXT, "start", None, False, None),
    "anything else": (MessageType.TEXT, "hola", None, True, None),
    "nothing": (MessageType.TEXT, "", None, True, None),
}


@pytest.mark.parametrize(("kind", "text", "payload", "is_out", "wish"), WORDS.values(), ids=WORDS)
def test_what_counts_as_a_wish(
    kind: MessageType, text: str, payload: str | None, is_out: bool, wish: Wish | None
) -> None:
    message = InternalMessage("m1", "ana", kind, NOW, text, payload)
    assert OptWords().wish_in(message, is_out=is_out) is wish


def test_a_business_chooses_its_words_for_a_language_and_keeps_the_others() -> None:
    words = OptWords.from_json({"words": {"es": ["Basta ya"]}, "undo": {"es": ["Sigue"]}})
    assert "basta ya" in words.stop
    assert "baja" not in words.stop
    assert "stop" in words.stop
    assert "sigue" in words.start


LISTED = ApprovedTemplates.from_json(
    [
        {"name": "reminder", "language": "es_MX", "status": "APPROVED", "category": "UTILITY", "parameters": 2},
        {"name": "named", "language": "en", "status": "APPROVED", "parameters": ["day", "hour"], "header": "x"},
        {"name": "paused", "language": "es", "status": "PAUSED", "parameters": 0},
        {"name": "twice", "language": "en", "status": "REJECTED"},
        {"name": "twice", "language": "en_US", "status": "APPROVED"},
    ]
)
TWO, NAMED = (Parameter("a"), Parameter("b")), (Parameter("10:00", "hour"), Parameter("Monday", "day"))
FILLS: dict[str, tuple[Template, str | None]] = {
    "as many blanks as there are": (Template("reminder", "es_MX", TWO), None),
    "too few": (Template("reminder", "es_MX", TWO[:1]), "has 2 blanks, and 1 are filled"),
    "by their names": (Template("named", "en", NAMED), None),
    "by other names": (Template("named", "en", NAMED[:1]), "are day, hour"),
    "paused": (Template("paused", "es"), "is paused"),
}


@pytest.mark.parametrize(("template", "fault"), FILLS.values(), ids=FILLS)
def test_a_fill_is_checked_before_it_is_sent(template: Template, fault: str | None) -> None:
    assert LISTED is not None
    found = LISTED.find(template.name, template.language)
    assert found is not None
    said = found.fault_of(template)
    assert said == fault if fault is None else fault in (said or "")


@pytest.mark.parametrize(
    ("name", "language", "found"),
    [
        ("reminder", "es", "es_MX"),
        ("named", "en_GB", "en"),
        ("twice", "en", "en"),
        ("twice", "en_GB", "en_US"),
        ("reminder", "en", None),
        ("nobody", "es", None),
    ],
)
def test_a_variant_of_the_language_is_better_than_nothing(name: str, language: str, found: str | None) -> None:
    assert LISTED is not None
    template = LISTED.find(name, language)
    assert (template and template.language) == found


def test_without_blocks_nothing_is_doubted_and_the_bot_waits_four_hours() -> None:
    assert Outreach.from_blocks({}) == Outreach(None, OptWords(), TakeoverRule(4 * 3600, frozenset({"bot"})))


def test_a_business_says_when_the_bot_takes_up_again() -> None:
    assert TakeoverRule.from_json({"resume_after_minutes": 30}).resume_after_s == 1800
    assert TakeoverRule.from_json({"resume_after_minutes": None}).resume_after_s is None
    rule = TakeoverRule.from_json({"resume_words": ["¡Listo!"]})
    assert rule.gives_back("listo")
    assert not rule.gives_back("listo, hasta mañana")
    assert not rule.gives_back("")


WRONG: dict[str, tuple[str, JSON]] = {
    "templates that are no list": ("templates", {}),
    "a template without a language": ("templates", [{"name": "x"}]),
    "words that are no object": ("opt_out", []),
    "words of a language that are no list": ("opt_out", {"words": {"es": "baja"}}),
    "an empty word, which everything would be": ("opt_out", {"words": {"es": [" "]}}),
    "a word of signs, which everything would be": ("opt_out", {"words": {"es": ["!"]}}),
    "a rule that is no object": ("handoff", 4),
    "no time at all": ("handoff", {"resume_after_minutes": 0}),
    "longer than anybody waits": ("handoff", {"resume_after_minutes": 10**6}),
    "a word that is a number": ("handoff", {"resume_words": [1]}),
}


@pytest.mark.parametrize(("block", "value"), WRONG.values(), ids=WRONG)
def test_a_block_of_the_wrong_shape_is_refused_by_its_name(block: str, value: JSON) -> None:
    with pytest.raises(ConfigurationError, match=f"^{block}"):
        Outreach.from_blocks({block: value})
