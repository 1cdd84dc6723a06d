"""Hypothesis strategies for what goes through the engine: JSON, outputs, effects, snapshots and events."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from flow_engine.effects import (
    AskLLM,
    CallConnector,
    CancelTask,
    CancelTimer,
    Effect,
    HandOff,
    RecordOutcome,
    ScheduleTask,
    SendMessage,
    StartTimer,
)
from flow_engine.events import (
    ConnectorFailed,
    ConnectorReplied,
    Event,
    LLMAnswered,
    MessageReceived,
    OperatorResumed,
    StaffTookOver,
    TaskDue,
    TimerFired,
    WishTold,
)
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import (
    Buttons,
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Option,
    OptionList,
    Output,
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.position import CallFrame, Frame, Interruption, WaitingFor
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind, JSONObject, MediaType, MessageType
from tests.flow_engine.conversations import conversation

texts = st.text(max_size=30)
optional_texts = st.none() | texts
json_values: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(texts, children, max_size=3),
    max_leaves=8,
)
json_objects: st.SearchStrategy[JSONObject] = st.dictionaries(texts, json_values, max_size=4)
moments = st.datetimes(timezones=st.just(UTC))

options = st.builds(Option, texts, texts, optional_texts)
option_tuples = st.lists(options, max_size=12).map(tuple)
sections = st.builds(Section, option_tuples, optional_texts)
links = texts | texts.map("https://example.com/{}".format)
degrees = st.floats(-200, 200)
forms = st.none() | st.builds(TemplateForm, optional_texts, json_objects)
outputs: st.SearchStrategy[Output] = st.one_of(
    st.builds(Text, texts),
    st.builds(Buttons, texts, option_tuples, optional_texts, optional_texts),
    st.builds(
        OptionList,
        texts,
        texts,
        st.lists(sections, max_size=3).map(tuple),
        optional_texts,
        optional_texts,
        st.integers(1, 3),
    ),
    st.builds(Media, st.sampled_from(MediaType), links, optional_texts, optional_texts),
    st.builds(Location, degrees, degrees, optional_texts, optional_texts),
    st.builds(LocationRequest, texts),
    st.builds(ContactInfoRequest, texts),
    st.builds(LinkButton, texts, texts, links, optional_texts, optional_texts),
    st.builds(Reaction, texts, texts),
    st.builds(
        Template,
        texts,
        texts,
        st.lists(st.builds(Parameter, texts, optional_texts), max_size=3).map(tuple),
        optional_texts,
        optional_texts,
        st.none() | st.builds(Media, st.sampled_from(MediaType), texts, optional_texts, optional_texts),
        st.lists(
            st.builds(TemplateButton, texts, optional_texts, optional_texts, optional_texts, forms), max_size=3
        ).map(tuple),
        st.none() | st.builds(Location, degrees, degrees, optional_texts, optional_texts),
    ),
)

connector_calls = st.builds(CallConnector, texts, texts, texts, json_objects)
llm_calls = st.builds(AskLLM, texts, texts, texts)
effects: st.SearchStrategy[Effect] = st.one_of(
    st.builds(SendMessage, texts, outputs),
    connector_calls,
    llm_calls,
    st.builds(
        ScheduleTask,
        texts,
        texts,
        texts,
        st.none() | moments,
        optional_texts,
        st.none() | st.integers(1),
        st.none() | st.integers(1),
        json_objects,
    ),
    st.builds(CancelTask, texts, texts),
    st.builds(HandOff, texts, texts, st.none() | st.integers(1)),
    st.builds(RecordOutcome, texts, texts, json_values),
    st.builds(StartTimer, texts, texts, moments),
    st.builds(CancelTimer, texts, texts),
)

text_tuples = st.lists(texts, max_size=3).map(tuple)
frames = st.builds(
    Frame,
    st.sampled_from(["state", "task"]),
    texts,
    st.integers(0, 50),
    optional_texts,
    st.none() | json_objects,
    text_tuples,
    st.booleans(),
)
waits = st.builds(WaitingFor, connector_calls, frames) | st.builds(WaitingFor, llm_calls, st.none() | frames)
call_frames = st.builds(
    CallFrame,
    texts,
    texts,
    st.integers(0, 50),
    json_objects,
    st.dictionaries(texts, texts, max_size=2),
    text_tuples,
    st.none() | outputs,
    st.integers(0, 99),
)
call_stacks = st.lists(call_frames, max_size=2).map(tuple)
interruptions = st.builds(
    Interruption,
    texts,
    st.none() | outputs,
    st.integers(0, 99),
    st.integers(0, 9),
    call_stacks,
    st.none() | json_objects,
    text_tuples,
    st.integers(0, 9),
)
snapshots = st.builds(
    conversation,
    texts,
    texts,
    texts,
    state=optional_texts,
    data=json_objects,
    contact=json_objects,
    turn=st.integers(0, 2**40),
    next_effect=st.integers(0, 100),
    waiting=st.none() | waits,
    question=st.none() | outputs,
    language=optional_texts,
    history=text_tuples,
    calls=call_stacks,
    interrupted=st.none() | interruptions,
    tries=st.integers(0, 9),
    timers=st.dictionaries(texts, texts, max_size=3),
    paused=st.booleans(),
    question_turn=st.integers(0, 99),
    last_message_id=optional_texts,
    last_at=st.none() | moments,
    unanswered=st.integers(0, 9),
    doubt=st.none() | outputs,
)


def messages(words: st.SearchStrategy[str], payloads: st.SearchStrategy[str]) -> st.SearchStrategy[InternalMessage]:
    return st.builds(
        InternalMessage,
        id=texts,
        contact_id=st.just("ana"),
        type=st.sampled_from(MessageType),
        sent_at=st.just(datetime(2026, 3, 2, tzinfo=UTC)),
        text=words,
        payload=st.none() | payloads,
        content=json_objects,
        contact_name=optional_texts,
        contact_phone=optional_texts,
    )


def events(
    words: st.SearchStrategy[str],
    payloads: st.SearchStrategy[str],
    tasks: st.SearchStrategy[str],
    call_ids: st.SearchStrategy[str],
    results: st.SearchStrategy[JSON],
) -> st.SearchStrategy[Event]:
    return st.one_of(
        st.builds(MessageReceived, moments, messages(words, payloads)),
        st.builds(TaskDue, moments, tasks, texts, json_objects),
        st.builds(ConnectorReplied, moments, call_ids, results),
        st.builds(ConnectorFailed, moments, call_ids, st.sampled_from(FailureKind), texts),
        st.builds(LLMAnswered, moments, call_ids, st.sampled_from(AnswerOutcome), texts),
        st.builds(TimerFired, moments, st.sampled_from(["timeout", "session", "resume"]), call_ids),
        st.builds(OperatorResumed, moments),
        st.builds(StaffTookOver, moments, st.none() | st.integers(1, 10**6)),
        st.builds(WishTold, moments, st.booleans()),
    )
