"""Free text, as it was written."""

from __future__ import annotations

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result


def parse_text(text: str, _context: AnswerContext) -> Result:
    """The text without blanks around it. What no text can hold (half a surrogate pair) becomes a question mark."""
    written = text.strip()
    if not written.isascii():
        written = written.encode("utf-8", "replace").decode("utf-8")
    return Parsed(written) if written else NotUnderstood(Reason.EMPTY)
