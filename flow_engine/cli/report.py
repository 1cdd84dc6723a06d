"""A failed case as a chat: what was said, with the first wrong bubble marked, and what was expected instead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from flow_engine.cases import CaseResult, ChatLine
from flow_engine.cases.coverage import FlowCoverage, Part
from flow_engine.cases.judging import Mismatch
from flow_engine.vocabulary import JSON

_MARK: Final = ">>"
_SPEAKER_CHARS: Final = 8
_INDENT: Final = " " * (_SPEAKER_CHARS + 6)
_EARLIER_LINES: Final = 12
"""Lines of the chat before the wrong one; what was long before explains nothing."""


def failure_lines(result: CaseResult) -> Iterator[str]:
    """The whole report of a failed case; nothing for one that passes."""
    mismatch = result.mismatch
    if mismatch is None:
        return
    yield f"FAILED {result.case.description}"
    yield f"       {mismatch.place}"
    yield ""
    shown = result.chat[-_EARLIER_LINES:]
    if len(shown) < len(result.chat):
        yield "     …"
    for line in shown:
        yield from chat_lines(line, customer_of(result))
        if line.wrong:
            yield from difference_lines(mismatch)
    if not any(line.wrong for line in shown):
        yield from difference_lines(mismatch)
    yield ""


def customer_of(result: CaseResult) -> str:
    return str(result.case.contact.get("name") or "customer")


def chat_lines(line: ChatLine, customer: str) -> Iterator[str]:
    """One line of a chat, as many lines on the screen as its text has."""
    speaker = {"bot": "bot", "clock": "clock"}.get(line.by, customer)
    mark = _MARK if line.wrong else "  "
    first, *rest = line.text.split("\n") or [""]
    yield f"  {mark} {speaker[:_SPEAKER_CHARS]:{_SPEAKER_CHARS}} {first}".rstrip()
    for text in rest:
        yield f"{_INDENT}{text}".rstrip()
    if line.bubble is not None and line.bubble.options:
        yield f"{_INDENT}{' '.join(f'[{title}]' for title in line.bubble.titles)}"


def difference_lines(mismatch: Mismatch) -> Iterator[str]:
    """What was expected, and what happened instead."""
    yield f"     ^ {mismatch.message}"
    if mismatch.expected is not None:
        yield f"       expected: {_show(mismatch.expected)}"
    if mismatch.expected is not None or mismatch.actual is not None:
        yield f"       actual:   {_show(mismatch.actual)}"
    yield from (f"       {line}".rstrip() for line in mismatch.remedy.splitlines())


def _show(value: JSON) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def coverage_lines(coverage: FlowCoverage) -> Iterator[str]:
    """Percentages of one flow and, by line, what no case has walked."""
    states, transitions = coverage.states_percent, coverage.transitions_percent
    yield f"{coverage.file}: {states:.1f} % of states, {transitions:.1f} % of transitions"
    for kind, parts in (("state", coverage.missing_states), ("transition", coverage.missing_transitions)):
        yield from (_missing(coverage.file, kind, part) for part in parts)


def _missing(file: str, kind: str, part: Part) -> str:
    return f"  {file}:{part.line}: no case walks the {kind} {part.name}"
