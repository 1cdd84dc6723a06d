"""A test that goes differently, as a chat: what both sides share, then what should follow and what does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.cases.case import CaseStep, ExpectedBubble
from flow_engine.cases.judging import Mismatch
from flow_engine.cases.result import CaseResult, ChatLine
from platform_admin.changes.step_title import step_title


@dataclass(frozen=True, slots=True)
class Said:
    """A bubble of either side. ``wrong`` marks the first that differs."""

    text: str
    titles: tuple[str, ...] = ()
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """``expected`` and ``actual`` are what the bot says after the last line of ``common``.

    Where the bubbles are not what differs, ``wanted`` and ``got`` say what does.
    """

    common: tuple[ChatLine, ...]
    expected: tuple[Said, ...]
    actual: tuple[Said, ...]
    message: str
    wanted: str = ""
    got: str = ""


def compare(result: CaseResult) -> Comparison | None:
    """``None`` for a test that holds."""
    mismatch = result.mismatch
    if mismatch is None:
        return None
    lines = list(result.chat)
    replies: list[ChatLine] = []
    while lines and lines[-1].by == "bot":
        replies.insert(0, lines.pop())
    step = next(_failing(result, mismatch), None)
    bubbles = step.bot if step is not None and step.bot is not None else ()
    actual = tuple(
        Said(line.text, line.bubble.titles, index == mismatch.bubble)
        for index, line in enumerate(replies)
        if line.bubble is not None
    )
    message = MESSAGES.get(mismatch.message, mismatch.message)
    expected = tuple(_expected(wanted, index == mismatch.bubble) for index, wanted in enumerate(bubbles))
    if mismatch.bubble is not None and expected:
        return Comparison(tuple(lines), expected, actual, str(message))
    return Comparison(tuple(result.chat), (), (), str(message), _shown(mismatch.expected), _shown(mismatch.actual))


def _failing(result: CaseResult, mismatch: Mismatch) -> Iterator[CaseStep]:
    for step in result.case.steps:
        place = step.place
        inside = mismatch.place.path[: len(place.path)] == place.path
        if inside and mismatch.place.file == place.file:
            yield step


def _expected(bubble: ExpectedBubble, wrong: bool) -> Said:  # noqa: FBT001 - said once, above
    text = bubble.text if bubble.text is not None else " … ".join(bubble.contains) or "…"
    return Said(text, bubble.options or (), wrong)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return "—" if value is None else step_title(str(value))


MESSAGES: Final[dict[str, Promise]] = {
    "The text is another.": _("The bot says something else."),
    "The text does not contain this.": _("The bot leaves something out."),
    "The text must not contain this.": _("The bot says something it should not."),
    "The bot must not say this.": _("The bot says something it should not."),
    "The message is of another type.": _("The bot says it in another way."),
    "The options are others.": _("The choices are others."),
    "The bot does not say this.": _("The bot leaves a message out."),
    "The bot says more than expected.": _("The bot says more than it should."),
    "The conversation is in another state.": _("The customer is on another step."),
    "The bot does something else.": _("The bot does something else than it should."),
    "The bot does not do this.": _("The bot leaves out something it should do."),
    "The bot does more than expected.": _("The bot does more than it should."),
    "The bot does not offer this now.": _("What the customer taps is not offered any more."),
    "No earlier message offers this.": _("What the customer taps is not offered any more."),
}
"""What the test says, in words of a business; anything else is said as it is."""
