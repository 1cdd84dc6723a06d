"""A trace in plain words: which rule matched, why the earlier ones did not, and what followed from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from flow_engine.flow_map import transitions_of, trigger
from flow_engine.trace import (
    ActionRun,
    AnswerIgnored,
    CallFailed,
    EnteredBecause,
    LimitReached,
    MessageIgnored,
    OptionRecognised,
    OptionsSkipped,
    OutputDegraded,
    QuestionAnswered,
    QuestionAsked,
    QuestionRepeated,
    ScheduleRefused,
    StateEntered,
    TaskStarted,
    TaskUnknown,
    TraceEntry,
    TransitionsTried,
    Verdict,
    WaitCancelled,
    encode_trace,
)
from flow_engine.trace_answers import AnswerKept, AnswerRefused, OfferedBack, OldTap
from flow_engine.trace_detours import (
    ActionSkipped,
    BotPaused,
    BotResumed,
    ConversationEnded,
    FlowCalled,
    FlowReturned,
    Interrupted,
    MessageNotRead,
    MessageWhilePaused,
    PageTurned,
    Returned,
    StateRenamed,
    TimerIgnored,
    TimerRang,
    WishConfirmed,
)
from flow_engine.vocabulary import JSONObject


def explain(trace: Sequence[TraceEntry], flow: JSONObject) -> tuple[str, ...]:
    """One sentence per entry. ``flow`` is the document or normalised program that the trace belongs to."""
    return tuple(_explain(entry, flow) for entry in trace)


def _explain(entry: TraceEntry, flow: JSONObject) -> str:
    match entry:
        case TransitionsTried():
            return _transitions(entry, flow)
        case StateEntered():
            return f"{entry.state} is entered: {BECAUSE.get(entry.because, entry.because.value)}."
        case OutputDegraded():
            changes = (f"{change.kind.value} {change.subject}".strip() for change in entry.changes)
            return f"A message did not fit the channel: {', '.join(changes).replace('_', ' ')}."
        case _:
            sentence = SENTENCES.get(type(entry))
            number = getattr(entry, "index", 0) + 1
            return _as_it_is(entry) if sentence is None else sentence.format(entry=entry, number=number)


def _as_it_is(entry: TraceEntry) -> str:
    """For a kind of entry that has no sentence yet."""
    encoded = encode_trace(entry)
    kind = str(encoded.pop("kind")).replace("_", " ")
    return f"{kind.capitalize()}: {', '.join(f'{name} {value}' for name, value in encoded.items())}."


def _transitions(entry: TransitionsTried, flow: JSONObject) -> str:
    transitions = transitions_of(flow, entry.state)
    where = _list_name(entry.state)
    matched = entry.verdicts[-1] is Verdict.MATCHED
    failed = entry.verdicts[:-1] if matched else entry.verdicts
    if not matched:
        return f"No transition of {where} fits: {_reasons(failed, transitions)}."
    number = len(failed) + 1
    sentence = f"Transition {number} of {where} fits{_way(transitions, number)}."
    return f"{sentence} Those before it do not: {_reasons(failed, transitions)}." if failed else sentence


def _way(transitions: Sequence[JSONObject], number: int) -> str:
    """Nothing for a transition that the flow at hand does not have."""
    if number > len(transitions):
        return ""
    transition = transitions[number - 1]
    return f": {trigger(transition)} leads to {transition.get('target')}"


def _list_name(owner: str | None) -> str:
    if owner is None:
        return "the whole flow"
    return f"the sub-flow {owner[:-1]}" if owner.endswith("/") else owner


def _reasons(verdicts: Sequence[Verdict], transitions: Sequence[JSONObject]) -> str:
    """Neighbours that fail for one reason are told together."""
    reasons: list[str] = []
    numbered = enumerate(verdicts)
    for verdict, group in groupby(numbered, key=lambda item: item[1]):
        indexes = [index for index, _ in group]
        numbers = f"{indexes[0] + 1}" if len(indexes) == 1 else f"{indexes[0] + 1} to {indexes[-1] + 1}"
        waits = ", ".join(trigger(transitions[index]) for index in indexes if index < len(transitions))
        named = f"{numbers} ({waits})" if waits else numbers
        reasons.append(f"{named}: {VERDICTS.get(verdict, verdict.value.replace('_', ' '))}")
    return "; ".join(reasons)


VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.OTHER_PAYLOAD: "something else was tapped or typed",
    Verdict.OTHER_PREFIX: "nothing was tapped that begins so",
    Verdict.OTHER_TYPE: "the message is of another type",
    Verdict.OTHER_TEXT: "other words were written",
    Verdict.OTHER_PATTERN: "the text does not follow the pattern",
    Verdict.NO_REFERRAL: "the customer does not come from an advertisement",
    Verdict.CONDITION_FALSE: "the condition does not hold",
}

BECAUSE: Final[Mapping[EnteredBecause, str]] = {
    EnteredBecause.START: "here every conversation begins",
    EnteredBecause.TRANSITION: "the transition leads there",
    EnteredBecause.ANSWER: "the answer was understood",
    EnteredBecause.TRIES: "no answer could be used, too often",
    EnteredBecause.FALLBACK: "nothing fitted, and it is the fallback",
    EnteredBecause.RE_ENTRY: "nothing fitted, and the state has no fallback",
    EnteredBecause.CALL_FAILED: "the call failed",
    EnteredBecause.NOTHING_TO_OFFER: "there was nothing to choose from",
    EnteredBecause.STATE_GONE: "the flow no longer has the state of this conversation",
    EnteredBecause.GO_TO: "an action leads there",
    EnteredBecause.CALL: "the sub-flow begins there",
    EnteredBecause.BACK: "it goes one step back",
    EnteredBecause.RESTART: "it begins again",
    EnteredBecause.TIMEOUT: "nobody answered in time",
    EnteredBecause.SESSION: "the session is over",
    EnteredBecause.GUARD: "a limit ended the turn",
}


SENTENCES: Final[Mapping[type[TraceEntry], str]] = {
    OptionRecognised: "The text stands for the option '{entry.payload}', by its {entry.by}.",
    ActionRun: "{entry.name} runs its action {number}, {entry.action}.",
    QuestionRepeated: "The open question of {entry.state} is asked again.",
    OptionsSkipped: "{entry.skipped} items of data.{entry.source_key} are no usable options.",
    CallFailed: "The call failed: {entry.failure}.",
    QuestionAsked: "Nothing fitted, so the question goes to the knowledge document.",
    QuestionAnswered: "The free question came back: {entry.outcome}.",
    WaitCancelled: "The answer that was awaited never came; a late one will be ignored.",
    AnswerIgnored: "An answer came that nobody waits for; it is ignored.",
    MessageIgnored: "A message of the type {entry.type} asks for no reply.",
    TaskStarted: "The task {entry.task} is due.",
    TaskUnknown: "The task {entry.task} is due, but the flow no longer has it.",
    ScheduleRefused: "The task {entry.task} could not be planned: {entry.field} came to nothing usable.",
    LimitReached: "The limit {entry.limit} ended the turn.",
    ActionSkipped: "{entry.name} leaves out its action {number}: its 'when' does not hold.",
    FlowCalled: "The sub-flow {entry.flow} begins.",
    FlowReturned: "The sub-flow {entry.flow} ends, and its caller goes on.",
    ConversationEnded: "The conversation is over ({entry.because}); the next message begins anew.",
    Interrupted: "The open question of {entry.state} is put aside.",
    Returned: "Back to the question of {entry.state}.",
    StateRenamed: "The state {entry.old} is now called {entry.new}.",
    BotPaused: "A person takes over; the bot is silent.",
    BotResumed: "The bot answers again.",
    MessageWhilePaused: "The message is for the person who has taken over; the bot is silent.",
    MessageNotRead: "A message of type {entry.type} says nothing here; the customer is asked for words.",
    WishConfirmed: "What the customer wants to hear unasked is noted: {entry.wish}.",
    PageTurned: "The next page of the list is shown.",
    OldTap: "'{entry.payload}' was tapped in an old message, so only what holds everywhere was tried.",
    OfferedBack: "The answer could mean several things, so it is asked back.",
    AnswerKept: "The answer was understood and is kept as data.{entry.name}.",
    AnswerRefused: "The answer could not be used ({entry.reason}); this was try {entry.tries}.",
    TimerRang: "The time of the timer {entry.timer} has come.",
    TimerIgnored: "The timer {entry.timer} means nothing any more.",
}
"""``{entry.…}`` are the entry's fields; ``{number}`` is its index, counted from 1 as people do."""
