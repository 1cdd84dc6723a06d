"""What the blocks of a bundle mean, and which blocks mean nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Location, Media, Parameter, Template, TemplateButton, TemplateForm
from flow_engine.vocabulary import JSON, MediaType, MessageType
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
        {
            "name": "offer",
            "language": "es",
            "status": "APPROVED",
            "parameters": 0,
            "header": {"format": "LOCATION"},
            "buttons": [{"type": "COPY_CODE", "text": "Copy"}, {"type": "FLOW", "text": "Tell us"}],
        },
        {
            "name": "bill",
            "language": "es",
            "status": "APPROVED",
            "parameters": 0,
            "header": {"format": "DOCUMENT"},
            "buttons": [{"type": "PHONE_NUMBER", "text": "Call"}, {"type": "QUICK_REPLY", "text": "Paid"}],
        },
        {
            "name": "links",
            "language": "es",
            "status": "APPROVED",
            "buttons": [{"type": "URL", "text": "Us"}, {"type": "URL", "text": "Yours", "parameters": 1}],
        },
        {"name": "twice", "language": "en_US", "status": "APPROVED"},
    ]
)
PLACE, FILE = Location(40.4, -3.7, "Sol"), Media(MediaType.DOCUMENT, "https://example.com/7.pdf")
CODE, FORM = TemplateButton("Copy", code="GIFT7"), TemplateButton("Tell us", form=TemplateForm())
TWO, NAMED = (Parameter("a"), Parameter("b")), (Parameter("10:00", "hour"), Parameter("Monday", "day"))
FILLS: dict[str, tuple[Template, str | None]] = {
    "a place and a code where they belong": (Template("offer", "es", location=PLACE, buttons=(CODE, FORM)), None),
    "a form that nothing fills": (Template("offer", "es", location=PLACE, buttons=(CODE,)), None),
    "no place in the head": (Template("offer", "es", buttons=(CODE,)), "has a place on the map in its head"),
    "no code": (
        Template("offer", "es", location=PLACE),
        "button 1 of the template 'offer' is a button that copies a code, and nothing fills it",
    ),
    "a code and a form in the wrong order": (
        Template("offer", "es", location=PLACE, buttons=(FORM, CODE)),
        "button 1 of the template 'offer' is no button that opens a form",
    ),
    "a link where none is": (
        Template("offer", "es", location=PLACE, buttons=(CODE, TemplateButton("Pay", suffix="7"))),
        "button 2 of the template 'offer' is no link",
    ),
    "a link with a blank is filled, one without is not": (
        Template("links", "es", buttons=(TemplateButton("Us"), TemplateButton("Yours", suffix="7"))),
        None,
    ),
    "a link whose blank nothing fills": (
        Template("links", "es"),
        "button 2 of the template 'links' is a link, and nothing fills it",
    ),
    "one button too many": (
        Template("offer", "es", location=PLACE, buttons=(CODE, FORM, TemplateButton("Yes", "yes"))),
        "button 3 of the template 'offer' is no quick reply",
    ),
    "a file and a quick reply where they belong": (
        Template("bill", "es", media=FILE, buttons=(TemplateButton("Call"), TemplateButton("Paid", "paid"))),
        None,
    ),
    "no file in the head": (Template("bill", "es"), "has a file in its head"),
    "a place in the head of a file": (Template("bill", "es", media=FILE, location=PLACE), "has no place in its head"),
    "a file in the head of a place": (
        Template("offer", "es", media=FILE, location=PLACE, buttons=(CODE,)),
        "has no file in its head",
    ),
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
