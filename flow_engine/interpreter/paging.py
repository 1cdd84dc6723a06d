"""Long lists a page at a time: the row that leads to the next page belongs to the engine and never reaches the flow."""

from __future__ import annotations

from dataclasses import replace

from flow_engine.answers import fold
from flow_engine.interpreter.turn import Turn
from flow_engine.messages import InternalMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons, OptionList, Section
from flow_engine.outputs.shaping.paging import MORE, is_paged
from flow_engine.outputs.stamp import split_stamp, stamp_of
from flow_engine.trace_detours import PageTurned
from flow_engine.vocabulary import MessageType


def turn_page(turn: Turn, message: InternalMessage) -> bool:
    """Show the next page if ``message`` asks for it, by a tap or in the words of the row; after the last, the first."""
    if message.payload is not None and not message.payload.startswith(MORE):
        return False
    question = turn.question
    if isinstance(question, Buttons) and len(question.buttons) > turn.capabilities.max_rows:
        question = _as_list(turn, question)
    if not isinstance(question, OptionList) or not is_paged(question, turn.capabilities):
        return False
    if not _asks_for_more(turn, question, message):
        return False
    turn.stop_waiting()
    turn.question = replace(question, page=question.page + 1)
    turn.trace.append(PageTurned(turn.question.page))
    turn.say(turn.question)
    return True


def _as_list(turn: Turn, question: Buttons) -> OptionList:
    """So many buttons went out as a list."""
    rows = (Section(question.buttons),)
    return OptionList(question.body, turn.sentence("list_button"), rows, question.header, question.footer)


def _asks_for_more(turn: Turn, question: OptionList, message: InternalMessage) -> bool:
    if message.payload is not None:
        payload, stamp = split_stamp(message.payload)
        return payload == MORE and not message.late and stamp in ("", stamp_of(turn.question_turn))
    if message.type is not MessageType.TEXT:
        return False
    words = fold(message.text)
    return (
        bool(words)
        and words == fold(turn.sentence("more"))
        and all(fold(option.title) != words for option in options_of(question))
    )
