"""Any flow: documents over the whole language, small enough that their parts meet, and mostly without a fault.

What ``check`` refuses nevertheless is for the test to leave out. Names, ids and words come from short lists, so that
transitions fit what is offered, calls fit sub-flows, and ``data`` holds whatever the flow, its connectors and its
customer have put there.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

type Strategy = st.SearchStrategy[Any]
"""Of JSON; Hypothesis types the values of a dictionary more narrowly than a document is."""


STATES = ("A", "B", "C", "D")
INNER_STATES = ("X", "Y")
SUB_FLOWS = ("ask", "deep")
NAMES = ("a", "b", "picked")
RESULTS = ("a", "c")
PAYLOADS = ("p1", "p2", "p3", "day_1", "day_2")
KEYWORDS = ("menu", "book", "más", "cita previa", "no")
TASKS = ("remind",)

EXPRESSIONS = (
    "data.a",
    "data.b",
    "data.c[0].title",
    "data.c[0]",
    "data",
    "data.today",
    "data.now",
    "data.error_kind",
    "contact.name",
    "contact.phone",
    "business.name",
    "business.open_at(data.now)",
    "data.a == data.b",
    "data.a and 'x' or data.b",
    "not data.a",
    "data.a in ['1', 'x']",
    "'x' in data.c",
    "data.picked + '!'",
    "data.a | default: 'nothing'",
    "data.a | date: 'long'",
    "data.b | time",
    "data.c | title_of: 'p1'",
    "data.a | later_than: data.now",
    "data.picked | upper",
    "1 + 2 * 3",
    "-7",
    "null",
)
expressions = st.sampled_from(EXPRESSIONS)
plain = st.sampled_from(("Hello", "¿Qué tal? 👋", "x" * 30, "Wählen Sie", "1", "day_1", "a\n\nb"))
templates = (
    plain | st.builds("{{{{ {} }}}}".format, expressions) | st.builds("{}: {{{{ {} }}}}.".format, plain, expressions)
)
localised = templates | st.fixed_dictionaries({"en": templates, "es": templates})
labels = st.sampled_from(("Yes", "No", "Next week", "Más", "{{ data.a }}", "A title far longer than any channel shows"))
names = st.sampled_from(NAMES)
results = st.sampled_from(RESULTS)
payloads = st.sampled_from(PAYLOADS)
durations = st.sampled_from(("30m", "2h", "1d"))
values: Strategy = (
    templates
    | st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.lists(templates, max_size=2)
    | st.just({"k": "{{ data.b }}"})
)
written = st.dictionaries(names, values, max_size=2)
synonyms = st.lists(st.sampled_from(KEYWORDS), min_size=1, max_size=2, unique=True)
choices = st.lists(
    st.fixed_dictionaries({"id": payloads, "title": labels}, optional={"synonyms": synonyms}),
    min_size=1,
    max_size=5,
    unique_by=lambda choice: str(choice["id"]),
)


def _halve(section: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of one section, or of two where there is enough for both: no id may stand twice in a message."""
    rows, rest = section["rows"][:2], section["rows"][2:]
    return [{**section, "rows": rows}, {"title": "More", "rows": rest}] if rest else [section]


def _action(kind: str, /, required: dict[str, Strategy], **optional: Strategy) -> Strategy:
    fields: dict[str, Strategy] = {"action": st.just(kind), **required}
    return st.fixed_dictionaries(fields, optional={**optional, "when": expressions})


CALENDAR: Strategy = st.one_of(
    _action(
        "invoke_connector", {"connector": st.just("calendar"), "operation": st.just("get_services")}, result_key=results
    ),
    _action(
        "invoke_connector",
        {
            "connector": st.just("calendar"),
            "operation": st.just("get_available_days"),
            "params": st.just({"from_date": "{{ data.today }}"}),
        },
        result_key=results,
    ),
)

SAYING: Strategy = st.one_of(
    _action("send_text", {"text": localised}),
    _action("send_interactive_buttons", {"body": localised, "buttons": choices}, header=templates, footer=templates),
    _action(
        "send_interactive_list",
        {
            "body": localised,
            "sections": st.fixed_dictionaries({"rows": choices}, optional={"title": labels}).map(_halve),
        },
        button=labels,
    ),
    _action("send_dynamic_options", {"source_key": results, "text": localised}, empty_text=localised, button=labels),
    _action(
        "send_media",
        {"media_type": st.sampled_from(("image", "document")), "url": st.just("https://example.com/{{ data.a }}")},
        caption=templates,
    ),
    _action(
        "send_location",
        {"latitude": st.just(36.7), "longitude": st.sampled_from((-4.4, "{{ data.a }}"))},
        name=templates,
    ),
    _action("send_link_button", {"body": templates, "title": labels, "url": st.just("https://example.com/")}),
    _action("send_reaction", {"emoji": st.sampled_from(("👍", "{{ data.a }}"))}),
    _action("request_location", {"body": templates}),
    _action("request_contact_info", {"body": templates}),
    _action(
        "send_template",
        {"name": st.just("appointment_reminder"), "language": st.just("es")},
        text=templates,
        location=st.fixed_dictionaries(
            {"latitude": st.just("{{ data.a }}"), "longitude": st.just(0), "name": templates}
        ),
        buttons=st.lists(
            st.fixed_dictionaries({"title": labels, "code": st.just("{{ data.a }}")})
            | st.fixed_dictionaries(
                {"title": labels, "form": st.fixed_dictionaries({"data": written, "token": labels})}
            ),
            max_size=1,
        ),
    ),
)
DOING: Strategy = st.one_of(
    _action("set_data", {"values": st.dictionaries(names, values, min_size=1, max_size=2)}),
    _action("set_language", {"language": st.sampled_from(("es", "en", "{{ data.a }}"))}),
    _action("record", {"outcome": st.just("seen")}, value=values),
    _action(
        "schedule_task",
        {"task": st.sampled_from(TASKS), "idempotency_key": templates, "run_at": st.just("{{ data.a }}")},
    ),
    _action(
        "schedule_task", {"task": st.sampled_from(TASKS), "idempotency_key": templates, "cron": st.just("0 9 * * 1")}
    ),
    _action("cancel_task", {"idempotency_key": templates}),
    _action("ask_llm", {"question": templates}),
    _action("hand_off", {"reason": templates}, text=localised, resume=st.fixed_dictionaries({"after": durations})),
)


def _leading(targets: st.SearchStrategy[str]) -> Strategy:
    """Actions that move the conversation, mostly under a condition: without one they make endless loops."""
    on_error = targets | st.dictionaries(st.sampled_from(("timeout", "conflict", "default")), targets, max_size=2)
    calls = CALENDAR.flatmap(lambda call: on_error.map(lambda found: {**call, "on_error": found}))
    moves = st.builds(lambda target, when: {"action": "go_to", "target": target, "when": when}, targets, expressions)
    return st.one_of(calls, moves, _action("end", {}))


def _calling(flows: tuple[str, ...]) -> Strategy:
    return _action(
        "call",
        {"flow": st.sampled_from(flows), "inputs": st.fixed_dictionaries({"a": values})},
        outputs=st.dictionaries(names, st.just("b"), max_size=1),
    )


def _transitions(targets: st.SearchStrategy[str], *, interrupts: bool) -> Strategy:
    rest: dict[str, Strategy] = {"set_data": written, "condition": expressions}
    if interrupts:
        rest["return"] = st.booleans()
    triggers = st.one_of(
        st.builds(lambda payload: {"on_payload": payload}, payloads),
        st.just({"on_payload_prefix": "day_", "extract_suffix_as": "picked"}),
        st.builds(lambda kind: {"on_type": kind}, st.sampled_from(("audio", "location", "image", "contacts"))),
        st.builds(
            lambda words: {"on_text": words}, synonyms | synonyms.map(lambda words: {"es": words, "en": ["book"]})
        ),
        st.just({"on_pattern": "(?i)order (?P<picked>[0-9]+)"}),
        st.just({"on_referral": True}),
        st.builds(lambda condition: {"condition": condition}, expressions),
    )
    whole = st.builds(
        lambda trigger, target, more: {**more, **trigger, "target": target},
        triggers,
        targets,
        st.fixed_dictionaries({}, optional=rest),
    )
    return st.lists(whole, max_size=4)


def _collects(targets: st.SearchStrategy[str]) -> Strategy:
    kinds = ("text", "number", "integer", "date", "time", "datetime", "email", "phone", "location", "media")
    optional: dict[str, Strategy] = {
        "text": localised,
        "retry_text": localised,
        "validate": st.sampled_from(("value", "value != data.a", "not value")),
        "max_tries": st.integers(1, 3),
        "on_max_tries": targets,
        "set_data": written,
    }
    fixed = {"save_as": names, "target": targets}
    return st.one_of(
        st.fixed_dictionaries({"type": st.sampled_from(kinds), **fixed}, optional=optional),
        st.fixed_dictionaries({"type": st.just("choice"), "options": choices, **fixed}, optional=optional),
    )


def _states(own: tuple[str, ...], flows: tuple[str, ...]) -> Strategy:
    words = st.sampled_from(("@back", "@restart", "@end"))
    targets = st.sampled_from(own) | st.sampled_from(own) | words
    actions = st.one_of(SAYING, SAYING, DOING, CALENDAR, _leading(targets), *((_calling(flows),) if flows else ()))
    state = st.fixed_dictionaries(
        {"on_enter": st.lists(actions, min_size=1, max_size=4)},
        optional={
            "transitions": _transitions(targets, interrupts=False),
            "fallback": st.sampled_from(own),
            "llm_fallback": st.booleans(),
            "collect": _collects(targets),
            "timeout": st.fixed_dictionaries({"target": targets, "after": durations}, optional={"set_data": written}),
        },
    )
    return st.fixed_dictionaries(dict.fromkeys(own, state))


def _sub_flow(flows: tuple[str, ...]) -> Strategy:
    targets = st.sampled_from((*INNER_STATES, "@end", "@return"))
    return st.fixed_dictionaries(
        {
            "inputs": st.just(["a"]),
            "outputs": st.just(["b"]),
            "initial_state": st.sampled_from(INNER_STATES),
            "states": _states(INNER_STATES, flows),
        },
        optional={"global_transitions": _transitions(targets, interrupts=True)},
    )


_everywhere = st.sampled_from((*STATES, "@back", "@restart", "@end", "@return"))
documents: Strategy = st.fixed_dictionaries(
    {
        "id": st.just("any"),
        "initial_state": st.sampled_from(STATES),
        "states": _states(STATES, SUB_FLOWS),
        "flows": st.fixed_dictionaries({"ask": _sub_flow(("deep",)), "deep": _sub_flow(())}),
        "tasks": st.fixed_dictionaries({"remind": st.lists(st.one_of(SAYING, DOING), min_size=1, max_size=3)}),
    },
    optional={
        "global_transitions": _transitions(_everywhere, interrupts=True),
        "session": st.fixed_dictionaries({"expires_after": durations}, optional={"target": st.sampled_from(STATES)}),
        "languages": st.just(["en", "es"]),
        "moved_text": localised,
        "renamed_states": st.just({"OLD": "A"}),
    },
)
