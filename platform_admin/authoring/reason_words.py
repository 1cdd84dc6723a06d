"""The sentences of ``reasons``: one for each kind of entry of a trace that tells an author something.

Blanks: ``%(step)s`` the step as the map calls it, ``%(name)s`` what is kept or run, ``%(task)s`` a reminder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.trace import (
    AnswerIgnored,
    CallFailed,
    EnteredBecause,
    LimitReached,
    MessageIgnored,
    OptionsSkipped,
    QuestionAnswered,
    QuestionAsked,
    QuestionRepeated,
    ScheduleRefused,
    TaskStarted,
    TaskUnknown,
    TraceEntry,
    Verdict,
    WaitCancelled,
)
from flow_engine.trace_answers import AnswerKept, AnswerRefused, OfferedBack
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
)
from flow_engine.vocabulary import AnswerOutcome, FailureKind

BECAUSE: Final[Mapping[EnteredBecause, Promise]] = {
    EnteredBecause.START: _("every conversation begins here"),
    EnteredBecause.TRANSITION: _("the way leads here"),
    EnteredBecause.ANSWER: _("the answer was understood"),
    EnteredBecause.TRIES: _("no answer could be used, too often"),
    EnteredBecause.FALLBACK: _("nothing fitted, and then it goes on here"),
    EnteredBecause.RE_ENTRY: _("nothing fitted, so the same is asked again"),
    EnteredBecause.CALL_FAILED: _("the connected service gave no answer"),
    EnteredBecause.NOTHING_TO_OFFER: _("there was nothing to choose from"),
    EnteredBecause.STATE_GONE: _("the step of this conversation is not there any more"),
    EnteredBecause.GO_TO: _("the step before goes on here by itself"),
    EnteredBecause.CALL: _("a part of its own begins here"),
    EnteredBecause.BACK: _("it goes one step back"),
    EnteredBecause.RESTART: _("it begins again"),
    EnteredBecause.TIMEOUT: _("nobody answered in time"),
    EnteredBecause.SESSION: _("the conversation is over"),
    EnteredBecause.GUARD: _("it went on for too long without the customer"),
}

VERDICTS: Final[Mapping[Verdict, Promise]] = {
    Verdict.MATCHED: _("it fits"),
    Verdict.OTHER_PAYLOAD: _("something else was tapped or written"),
    Verdict.OTHER_PREFIX: _("nothing of it was tapped"),
    Verdict.OTHER_TYPE: _("the message is of another kind"),
    Verdict.OTHER_TEXT: _("other words were written"),
    Verdict.OTHER_PATTERN: _("the text has another form"),
    Verdict.NO_REFERRAL: _("the customer does not come from an advertisement"),
    Verdict.CONDITION_FALSE: _("it does not hold now"),
}

FAILURES: Final[Mapping[str, Promise]] = {
    FailureKind.TIMEOUT: _("it did not answer in time"),
    FailureKind.UNAVAILABLE: _("it cannot be reached"),
    FailureKind.RATE_LIMITED: _("it was asked too often"),
    FailureKind.UNAUTHORIZED: _("it does not take the key that is stored"),
    FailureKind.REJECTED: _("it did not understand the question"),
    FailureKind.CONFLICT: _("somebody else was there first"),
}

OUTCOMES: Final[Mapping[str, Promise]] = {
    AnswerOutcome.ANSWERED: _("it is answered there"),
    AnswerOutcome.OUT_OF_SCOPE: _("nothing is said about it there"),
    AnswerOutcome.QUOTA_EXCEEDED: _("the month's quota is used up"),
    AnswerOutcome.UNAVAILABLE: _("it could not be asked"),
}

SENTENCES: Final[Mapping[type[TraceEntry], Promise]] = {
    QuestionRepeated: _("The open question of “%(step)s” is asked again."),
    OptionsSkipped: _("%(skipped)s things of a list could not be offered."),
    CallFailed: _("The connected service gave no answer: %(failure)s."),
    QuestionAsked: _("Nothing fitted, so the FAQ is asked."),
    QuestionAnswered: _("The FAQ was asked: %(outcome)s."),
    WaitCancelled: _("The answer that was waited for never came."),
    AnswerIgnored: _("An answer came too late and is passed over."),
    MessageIgnored: _("This kind of message asks for no reply."),
    TaskStarted: _("The reminder “%(task)s” is due."),
    TaskUnknown: _("The reminder “%(task)s” is due, and is not there any more."),
    ScheduleRefused: _("The reminder “%(task)s” could not be planned."),
    LimitReached: _("It went on for too long without the customer, and was stopped."),
    ActionSkipped: _("A part of the step is left out: its rule does not hold."),
    FlowCalled: _("The part “%(flow)s” begins."),
    FlowReturned: _("The part “%(flow)s” ends, and it goes on where it was."),
    ConversationEnded: _("The conversation is over; the next message begins anew."),
    Interrupted: _("The open question of “%(step)s” is put aside."),
    Returned: _("Back to the question of “%(step)s”."),
    StateRenamed: _("This step has a new name now."),
    BotPaused: _("A person takes over; the bot is silent."),
    BotResumed: _("The bot answers again."),
    MessageWhilePaused: _("The message is for the person who has taken over; the bot is silent."),
    MessageNotRead: _("Such a message says nothing here; the customer is asked for words."),
    PageTurned: _("The next page of the list is shown."),
    OfferedBack: _("The answer could mean several things, so it is asked back."),
    AnswerKept: _("The answer was understood and is kept as “%(name)s”."),
    AnswerRefused: _("The answer could not be used; this was try %(tries)s."),
    TimerRang: _("The time is up."),
    TimerIgnored: _("The time is up, and that means nothing any more."),
}
"""What a step does, one after the other, is no reason: it is on the map."""
