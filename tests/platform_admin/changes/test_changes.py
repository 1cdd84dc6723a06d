"""Every difference as the sentence a person reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.changes import business_changes, flow_changes, knowledge_changes, settings_changes
from tests.platform_admin.business import CALENDAR_FLOW, FLOW


def sentences(changes: Any) -> list[str]:
    return [change.in_words() for change in changes]


FLOWS: list[tuple[str, str, str, list[str]]] = [
    ("nothing", FLOW, FLOW, []),
    ("a comment", FLOW, f"# new\n{FLOW}", []),
    (
        "a text",
        FLOW,
        FLOW.replace("¿Qué desea?", "¿Qué quiere?"),
        ["Menu says “¡Hola! ¿Qué quiere?” instead of “¡Hola! ¿Qué desea?”."],
    ),
    (
        "a choice with another name",
        FLOW,
        FLOW.replace('title: "Horario"', 'title: "Horas"'),
        ["Menu: the choice “Horario” is now called “Horas”."],
    ),
    (
        "where a choice goes",
        FLOW,
        FLOW.replace("target: HOURS", "target: MENU"),
        ["Menu: “Horario” now goes to Menu instead of Hours."],
    ),
    (
        "a new choice",
        FLOW,
        FLOW.replace(
            '            title: "Horario"', '            title: "Horario"\n          - {id: book, title: Reservar}'
        ),
        ["Menu: new choice “Reservar”."],
    ),
    (
        "anything else",
        FLOW,
        FLOW.replace("    fallback: MENU\n  HOURS", "    fallback: HOURS\n  HOURS"),
        ["Menu: anything else now leads to Hours instead of Menu."],
    ),
    (
        "a step that is gone",
        FLOW,
        FLOW.partition("  HOURS:")[0],
        ["The step Hours is gone."],
    ),
    (
        "a step with another name, and all that leads to it",
        FLOW,
        FLOW.replace("HOURS", "WHEN_OPEN") + "renamed_states: {HOURS: WHEN_OPEN}\n",
        ["The step Hours is now called When open."],
    ),
    (
        "a renamed step that says something else too",
        FLOW,
        FLOW.replace("HOURS", "WHEN").replace("De 10:00", "De 9:00") + "renamed_states: {HOURS: WHEN}\n",
        [
            "The step Hours is now called When.",
            "When says “De 9:00 a 20:00.” instead of “De 10:00 a 20:00.”.",
        ],
    ),
    (
        "where it begins",
        FLOW,
        FLOW.replace("initial_state: MENU", "initial_state: HOURS"),
        ["The conversation begins with Hours instead of Menu."],
    ),
    (
        "something more to do",
        FLOW,
        CALENDAR_FLOW,
        [
            "Hours says “Un momento.” instead of “De 10:00 a 20:00.”.",
            "Hours also does this: invoke connector calendar get available days.",
        ],
    ),
    (
        "a text in one of its languages",
        FLOW.replace('"De 10:00 a 20:00."', "{es: De 10:00 a 20:00., en: From ten.}"),
        FLOW.replace('"De 10:00 a 20:00."', "{es: De 10:00 a 20:00., en: From 10 am.}"),
        ["Hours says in en: “From 10 am.” instead of “From ten.”."],
    ),
]


@pytest.mark.parametrize(("case", "old", "new", "expected"), FLOWS, ids=[row[0] for row in FLOWS])
def test_a_change_of_the_conversation_is_told(case: str, old: str, new: str, expected: list[str]) -> None:
    assert sentences(flow_changes(old, new)) == expected


def test_a_text_that_cannot_be_read_counts_as_nothing() -> None:
    assert sentences(flow_changes(FLOW, "states: [")) == [
        "The conversation begins with – instead of Menu.",
        "The step Menu is gone.",
        "The step Hours is gone.",
    ]


LUNA: dict[str, Any] = {
    "name": "Luna",
    "hours": {"mon": ["10:00-14:00"]},
    "holidays": ["2026-12-25"],
    "services": [{"id": "cut", "name": "Cut", "minutes": 30, "price": "18 €", "staff": ["ana"]}],
    "staff": [{"id": "ana", "name": "Ana"}],
}

BUSINESSES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"name": "Sol"}, ["name changed from Luna to Sol."]),
    (
        {"hours": {"mon": ["09:00-14:00"], "sat": ["10:00-13:00"]}},
        [
            "Opening hours on Monday changed from 10:00-14:00 to 09:00-14:00.",
            "Opening hours on Saturday changed from closed to 10:00-13:00.",
        ],
    ),
    ({"holidays": []}, ["No longer closed on 2026-12-25."]),
    ({"holidays": ["2026-12-25", "2027-01-01"]}, ["Closed on 2027-01-01."]),
    (
        {"special_days": [{"date": "2026-12-24", "hours": ["10:00-12:00"], "name": "Christmas Eve"}]},
        ["2026-12-24 Christmas Eve has hours of its own: 10:00-12:00."],
    ),
    (
        {"services": [{"id": "cut", "name": "Cut", "minutes": 45, "price": "20 €"}]},
        [
            "Cut takes 45 minutes instead of 30.",
            "Cut costs 20 € instead of 18 €.",
            "Cut is done by everybody instead of Ana.",
        ],
    ),
    ({"services": []}, ["The service Cut is gone."]),
    (
        {"staff": [{"id": "ana", "name": "Ana", "hours": {"tue": ["10:00-12:00"]}}, {"id": "eva", "name": "Eva"}]},
        ["Ana on Tuesday: 10:00-12:00 instead of closed.", "Eva joins the staff."],
    ),
]


@pytest.mark.parametrize(("changed", "expected"), BUSINESSES, ids=[str(list(row[0])) for row in BUSINESSES])
def test_a_change_of_the_business_is_told(changed: dict[str, Any], expected: list[str]) -> None:
    assert sentences(business_changes(LUNA, {**LUNA, **changed})) == expected


def test_a_change_of_the_faq_is_told_by_heading() -> None:
    old = "# Luna\n\n## Hours\nFrom ten.\n\n## Parking\nNo.\n"
    new = "# Luna\n\n## Hours\nFrom nine.\n\n## Pets\n```\n# not a heading\n```\n"
    changes = knowledge_changes(old, new)
    assert sentences(changes) == [
        "The FAQ says something else under Hours.",
        "No longer in the FAQ: Parking.",
        "New in the FAQ: Pets.",
    ]
    assert (changes[0].old, changes[0].new) == ("From ten.", "From nine.")


SETTINGS_CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    (
        "a new channel",
        {"channels": [{"type": "http_dev"}]},
        {"channels": [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": "12345"}]},
        ["New channel: WhatsApp 12345."],
    ),
    (
        "the first of two channels goes and the second stays",
        {"channels": [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": "12345"}]},
        {"channels": [{"type": "whatsapp", "phone_number_id": "12345"}]},
        ["The channel test chat is gone."],
    ),
    (
        "an account of a channel",
        {"channels": [{"type": "whatsapp", "phone_number_id": "12345", "waba_id": "1"}]},
        {"channels": [{"type": "whatsapp", "phone_number_id": "12345", "waba_id": "2"}]},
        ["WhatsApp 12345 › waba id changed from 1 to 2."],
    ),
    (
        "free questions",
        {"llm": {"enabled": False, "quota_monthly_tokens": None}},
        {"llm": {"enabled": True, "quota_monthly_tokens": 500}},
        [
            "Answering free questions changed from no to yes.",
            "The quota of free questions a month (in tokens) is now 500.",
        ],
    ),
    (
        "connections",
        {"connectors": {"calendar": {"type": "mock_calendar"}, "crm": {"type": "http", "url": "a"}}},
        {
            "connectors": {
                "calendar": {"type": "google_calendar"},
                "crm": {"type": "http", "url": "b"},
                "llm": {"type": "anthropic"},
            }
        },
        [
            "The calendar is now connected to google calendar instead of mock calendar.",
            "crm › url changed from a to b.",
            "Who answers free questions is connected: anthropic.",
        ],
    ),
    (
        "one connection less",
        {"connectors": {"llm": {"type": "x"}}},
        {},
        ["Who answers free questions is no longer connected (it was x)."],
    ),
    (
        "sentences",
        {"sentences": {"out_of_scope": "No idea.", "busy": "Wait."}},
        {"sentences": {"out_of_scope": "I do not know.", "closed": "Closed."}},
        [
            "The standing sentence “out of scope” is now “I do not know.” instead of “No idea.”.",
            "The standing sentence “busy” is ours again (yours was “Wait.”).",
            "The standing sentence “closed” is now “Closed.”.",
        ],
    ),
    (
        "policies",
        {"policies": {"retention": {"messages_days": 365}, "opt_out": {"words": {"es": ["baja"]}}}},
        {"policies": {"retention": {"messages_days": 30}, "opt_out": {"words": {"es": ["stop"]}}}},
        [
            "Days that messages are kept changed from 365 to 30.",
            "The words with which customers say stop changed from words: es: baja to words: es: stop.",
        ],
    ),
]


@pytest.mark.parametrize(("case", "old", "new", "said"), SETTINGS_CHANGES, ids=[row[0] for row in SETTINGS_CHANGES])
def test_a_change_of_the_settings_is_told_in_words(
    case: str, old: dict[str, Any], new: dict[str, Any], said: list[str]
) -> None:
    assert sentences(settings_changes(old, new)) == said


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
DOCUMENT_KEYS = st.sampled_from(["name", "hours", "special_days", "holidays", "services", "staff", "channels", "llm"])
documents = st.dictionaries(DOCUMENT_KEYS, json_values, max_size=5)


@given(documents, documents)
def test_any_two_documents_can_be_compared_and_the_same_one_has_no_changes(old: Any, new: Any) -> None:
    for compare in (business_changes, settings_changes):
        assert compare(old, old) == ()
        for change in compare(old, new):
            assert change.in_words()


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    for compare in (flow_changes, knowledge_changes):
        assert compare(old, old) == ()
        sentences(compare(old, new))
