"""What each kind of trouble is called, what to do about it, and the page where that is done.

Read by the overview, a business's summary and the mails alike, each in its reader's language; what is stored of an
incident is its kind, and what in particular it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

_SUMMARY: Final = "sight:summary"
_CONVERSATIONS: Final = "sight:conversations"
_UNANSWERED: Final = "sight:questions"
_WAITING: Final = "sight:work"
_HEALTH: Final = "sight:health"
_RELEASES: Final = "sight:releases"
_CONNECTIONS: Final = "connect:connections"


@dataclass(frozen=True, slots=True)
class TroubleWords:
    """``words`` begin a sentence in small letters, ``to_do`` is whole sentences, ``page`` the name of an address."""

    words: str | Promise
    to_do: str | Promise
    page: str

    def about(self, what: str) -> str:
        """The words, and what they are about where there is anything to add."""
        return f"{self.words}: {what}" if what else str(self.words)


_NEW_SECRET: Final = _("Enter a new one before it ends, or the bot is cut off from what it opens.")

WORDS: Final[Mapping[str, TroubleWords]] = {
    "silent": TroubleWords(
        _("not heard from"),
        _("The bot does not report. WhatsApp keeps what customers write and brings it later."),
        _HEALTH,
    ),
    "not_ready": TroubleWords(
        _("not answering"),
        _("It cannot take messages. WhatsApp keeps what customers write and brings it later."),
        _HEALTH,
    ),
    "refused": TroubleWords(
        _("refused the live release"), _("The release before it answers. Mend it and publish again."), _RELEASES
    ),
    "release_refused": TroubleWords(
        _("a release was refused"), _("The release before it answers. Mend it and publish again."), _RELEASES
    ),
    "errors": TroubleWords(
        _("many turns fail"), _("Open a conversation that failed: it says at which step and why."), _CONVERSATIONS
    ),
    "credential_ended": TroubleWords(
        _("a credential has ended"), _("Enter a new one: the bot is cut off from what it opens."), _CONNECTIONS
    ),
    "credential_ends_1": TroubleWords(_("a credential ends within a day"), _NEW_SECRET, _CONNECTIONS),
    "credential_ends_7": TroubleWords(_("a credential ends within a week"), _NEW_SECRET, _CONNECTIONS),
    "credential_ends_30": TroubleWords(_("a credential ends within a month"), _NEW_SECRET, _CONNECTIONS),
    "quiet": TroubleWords(
        _("no messages, though this hour usually has some"),
        _("Write to your own number. If no answer comes, check the number on its card."),
        _CONNECTIONS,
    ),
    "never_started": TroubleWords(
        _("never started"), _("A release is published and no bot has asked for it."), _HEALTH
    ),
    "behind": TroubleWords(_("behind"), _("The bot has not taken the live release yet."), _RELEASES),
    "degraded": TroubleWords(_("runs with faults"), _("It answers. What is wrong is listed there."), _HEALTH),
    "breaker_open": TroubleWords(
        _("a connector is cut off"),
        _("It failed too often and is tried again by itself. Look whether its connection still works."),
        _CONNECTIONS,
    ),
    "dead_letters": TroubleWords(_("messages given up"), _("Each says why. Send it again, or put it aside."), _WAITING),
    "loop_detected": TroubleWords(
        _("somebody sent the same message over and over and is paused"),
        _("Perhaps another bot. If it is a person, hand the conversation back to your bot."),
        _CONVERSATIONS,
    ),
    "quota_full": TroubleWords(
        _("quota of free questions used up"),
        _("Until the month ends, free questions get your sentence for what the bot does not know."),
        _HEALTH,
    ),
    "quota_warning": TroubleWords(
        _("quota of free questions nearly used up"),
        _("Once it is used up, free questions get your sentence for what the bot does not know."),
        _HEALTH,
    ),
    "fallbacks": TroubleWords(
        _("many messages are not understood"), _("What customers asked is listed there: answer it once."), _UNANSWERED
    ),
    "channel_stopped": TroubleWords(
        _("a channel has stopped"), _("Nothing is sent on it until its connection is mended."), _CONNECTIONS
    ),
    "clock_stalled": TroubleWords(
        _("the bot stood still for a while"),
        _("Answers and reminders came late. If it happens again, its machine has too much to do."),
        _HEALTH,
    ),
    "token_expired": TroubleWords(
        _("a connection's key is not accepted any more"), _("Enter a new one on its card."), _CONNECTIONS
    ),
    "turn_failed": TroubleWords(
        _("a turn failed"), _("Open a conversation that failed: it says at which step and why."), _CONVERSATIONS
    ),
    "task_missed": TroubleWords(
        _("something scheduled was missed"), _("Its time was over before it could be done."), _WAITING
    ),
    "llm_quota": TroubleWords(
        _("quota of free questions"),
        _("Once it is used up, free questions get your sentence for what the bot does not know."),
        _HEALTH,
    ),
    "telemetry_dropped": TroubleWords(
        _("figures were dropped"), _("Nobody took its reports for long. Customers did not notice."), _HEALTH
    ),
    "whatsapp_template": TroubleWords(
        _("a message template cannot be relied on"),
        _("Steps that send it cannot be published. Mend it in WhatsApp Manager."),
        _CONNECTIONS,
    ),
    "whatsapp_override_missing": TroubleWords(
        _("messages to a number take a detour"),
        _("They come to the platform's address and are handed on. Press “Check now” on the number's card."),
        _CONNECTIONS,
    ),
    "whatsapp_number_quality": TroubleWords(
        _("WhatsApp lowered the rating of a number"),
        _("Customers blocked or reported it. Send less that nobody asked for."),
        _CONNECTIONS,
    ),
    "whatsapp_account_restricted": TroubleWords(
        _("WhatsApp restricted the account"), _("WhatsApp Manager says why, and how to object."), _CONNECTIONS
    ),
    "whatsapp_account_alert": TroubleWords(
        _("WhatsApp warns of the account"), _("WhatsApp Manager says what to do."), _CONNECTIONS
    ),
}
"""By the kind of an incident or a notice; before its first colon, where a kind has one part a thing."""

_UNNAMED: Final = TroubleWords(_("something is wrong"), _("Look at it there."), _SUMMARY)


def words_of(kind: str) -> TroubleWords:
    """Those of a kind; a kind that another version wrote has general ones."""
    return WORDS.get(kind.partition(":")[0], _UNNAMED)


def said_of(kind: str, detail: str) -> str:
    """An incident in the language that is active."""
    words = words_of(kind)
    with override("en"):
        in_english = str(words.words)
    # Older rows hold the words as well, in English.
    return words.about(detail.removeprefix(in_english).removeprefix(": "))
