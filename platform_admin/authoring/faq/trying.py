"""What a tried question shows: the answer, what it rests on, and in words why it was allowed or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.knowledge.answering import NOTHING_FOUND, Answer

WHY: Final[Mapping[str, str | Promise]] = {
    "quoted": _("Allowed: it is said in the FAQ's own words."),
    NOTHING_FOUND: _(
        "Nothing in the FAQ is about this: more than half of the question's words would have to be there."
    ),
    "block_does_not_stand_alone": _(
        "This was found, and is not said: it is too long, or means something else without what stands around it. "
        "Write the answer as a short paragraph of its own."
    ),
    "false_quote": _("This was found, and is too short to be an answer. Write a whole sentence."),
}
_OTHER: Final = _("Not allowed: it could not be proven from the FAQ.")


def tried_as_json(answer: Answer) -> JSONObject:
    """``quote`` is there also when it was not allowed to be said."""
    headings: list[JSON] = list(answer.headings)
    return {
        "answered": answer.answered,
        "text": answer.text,
        "quote": answer.quote,
        "headings": headings,
        "heading": answer.heading,
        "reason": answer.reason,
        "why": str(WHY.get(answer.reason, _OTHER)),
    }
