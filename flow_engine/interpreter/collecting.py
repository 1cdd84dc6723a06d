"""``collect``: asks for an answer, reads it, asks back what is unclear, and asks again what cannot be used."""

from __future__ import annotations

import math
from typing import assert_never

from flow_engine.answers import (
    Ambiguous,
    AnswerContext,
    AnswerKind,
    NotUnderstood,
    Parsed,
    Reason,
    Result,
    format_answer,
    one_of,
    parse_answer,
    read_location,
    read_media,
)
from flow_engine.expressions import Template
from flow_engine.interpreter.actions.rendering import render_body, render_options
from flow_engine.interpreter.answer import Answer
from flow_engine.interpreter.answer_context import answer_context, other_languages
from flow_engine.interpreter.bounds import is_within, lies_behind
from flow_engine.interpreter.offering_back import offer_back
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons, LocationRequest, Option, OptionList, Output, Section, Text
from flow_engine.outputs.stamp import split_stamp, stamp_of
from flow_engine.program.collect import Collect
from flow_engine.program.state import State
from flow_engine.trace_answers import AnswerKept
from flow_engine.vocabulary import JSON, MessageType

VALUE = "@="
"""How the id of a meaning that was offered back begins; the value follows."""

_WRITTEN = frozenset((MessageType.TEXT, MessageType.BUTTON, MessageType.LIST))
MAX_OFFERED = 10
"""Meanings in one list."""


def ask(turn: Turn, collect: Collect) -> None:
    """Ask what is to be collected; without a text of its own the state's ``on_enter`` has asked already."""
    if collect.kind is AnswerKind.CHOICE or collect.text is not None:
        turn.offer(_question(turn, collect, collect.text))


def _question(turn: Turn, collect: Collect, text: Template | None) -> Output:
    body = turn.sentence("choose_option") if text is None else render_body(turn, text)
    if collect.kind is AnswerKind.LOCATION:
        return LocationRequest(body)
    if collect.kind is not AnswerKind.CHOICE:
        return Text(body)
    options = render_options(turn, collect.options, collect.fixed)
    if any(option.description for option in options):
        return OptionList(body, turn.sentence("list_button"), (Section(options),))
    return Buttons(body, options)


def read_collected(turn: Turn, collect: Collect, answer: Answer) -> Result:
    """The answer as a value that the state accepts, or why there is none. Changes nothing."""
    result = _read(turn, collect, answer)
    match result:
        case Parsed():
            return result if _accepts(turn, collect, result.value) else NotUnderstood(Reason.OUT_OF_RANGE)
        case Ambiguous():
            accepted = [value for value in result.candidates if _accepts(turn, collect, value)]
            return one_of(accepted) if accepted else NotUnderstood(Reason.OUT_OF_RANGE)
        case NotUnderstood():
            return result
        case _:
            assert_never(result)


def _read(turn: Turn, collect: Collect, answer: Answer) -> Result:
    message, kind = answer.message, collect.kind
    match kind:
        case AnswerKind.CHOICE:
            return choose(turn, collect, answer)
        case AnswerKind.LOCATION:
            return read_location(message.type, message.content)
        case AnswerKind.MEDIA:
            return read_media(message.type, message.content)
        case AnswerKind.PHONE if message.type is MessageType.CONTACTS:
            return _parse(turn, collect, _shared_number(message.content.get("contacts")))
        case _:
            if message.type not in _WRITTEN:
                return NotUnderstood(Reason.WRONG_KIND)
    if answer.payload is not None and kind is not AnswerKind.TEXT:
        tapped = _tapped(turn, collect, answer.payload)
        if isinstance(tapped, Parsed):
            return tapped
    return _parse(turn, collect, message.text)


def _tapped(turn: Turn, collect: Collect, payload: str) -> Result:
    """The value in the id of what was offered; one that was offered back is written as the engine writes it."""
    if payload.startswith(VALUE) and collect.kind in (AnswerKind.NUMBER, AnswerKind.INTEGER):
        try:
            number = float(payload.removeprefix(VALUE))
        except ValueError:
            return NotUnderstood(Reason.UNKNOWN)
        if not math.isfinite(number):
            return NotUnderstood(Reason.UNKNOWN)
        return Parsed(int(number) if number.is_integer() else number)
    return _parse(turn, collect, payload.removeprefix(VALUE))


def is_choice(turn: Turn, state: State, answer: Answer) -> bool:
    """Whether the answer is one of the options that the state collects: then it is not a word of the whole flow."""
    collect = state.collect
    if collect is None or collect.kind is not AnswerKind.CHOICE or answer.payload is None or answer.old:
        return False
    return isinstance(choose(turn, collect, answer), Parsed)


def choose(turn: Turn, collect: Collect, answer: Answer) -> Result:
    """The option that was tapped or named."""
    if answer.payload is not None:
        offered = options_of(turn.question) if turn.question is not None else ()
        ids = {
            split_stamp(option.id)[0] for option in (*offered, *render_options(turn, collect.options, collect.fixed))
        }
        if answer.payload in ids:
            return Parsed(answer.payload)
    return NotUnderstood(Reason.UNKNOWN if answer.message.type in _WRITTEN else Reason.WRONG_KIND)


def _shared_number(contacts: JSON) -> str:
    """The number of the contact card that was shared, as WhatsApp hands it over."""
    cards = contacts if isinstance(contacts, list) else []
    for card in cards:
        phones = card.get("phones") if isinstance(card, dict) else None
        for phone in phones if isinstance(phones, list) else []:
            number = phone.get("phone") if isinstance(phone, dict) else None
            if isinstance(number, str):
                return number
    return ""


def _parse(turn: Turn, collect: Collect, text: str) -> Result:
    context = answer_context(turn)
    most = _bound(turn, collect)[1]
    if lies_behind(collect.kind, most, context.now):
        context = answer_context(turn, past=True)
    result = parse_answer(collect.kind, text, context)
    if isinstance(result, NotUnderstood) and result.reason is Reason.UNKNOWN:
        for other in other_languages(turn, context):
            again = parse_answer(collect.kind, text, other)
            if not isinstance(again, NotUnderstood):
                return again
    return result


def _bound(turn: Turn, collect: Collect) -> tuple[JSON, JSON]:
    least = None if collect.min is None else collect.min.render(turn.scope)
    most = None if collect.max is None else collect.max.render(turn.scope)
    return least, most


def _accepts(turn: Turn, collect: Collect, value: JSON) -> bool:
    least, most = _bound(turn, collect)
    if not is_within(collect.kind, value, least, most, turn.program.zone):
        return False
    return collect.validate is None or collect.validate.test(turn.scope_with(value))


def keep(turn: Turn, collect: Collect, value: JSON) -> None:
    """Write the value and what the flow says of it. Where to go is the caller's to say."""
    turn.tries = 0
    turn.assign(collect.save_as, value)
    turn.assign_all(collect.set_data)
    turn.trace.append(AnswerKept(collect.save_as))


def offer_meanings(turn: Turn, collect: Collect, candidates: tuple[JSON, ...]) -> None:
    """Ask which of the meanings was meant."""
    context = answer_context(turn)
    stamp = stamp_of(turn.question_turn)
    options = []
    labels = _labels(collect.kind, candidates[:MAX_OFFERED], context)
    for value, label in zip(candidates, labels, strict=False):
        options.append(Option(f"{VALUE}{value}{stamp}", label))
    offer_back(turn, turn.sentence("which_one"), options)


def _labels(kind: AnswerKind, candidates: tuple[JSON, ...], context: AnswerContext) -> list[str]:
    labels = [format_answer(kind, value, context) for value in candidates]
    if len(set(labels)) == len(labels):
        return labels
    # The hour that the clocks show twice.
    return [format_answer(kind, value, context, with_offset=True) for value in candidates]


def ask_once_more(turn: Turn, collect: Collect, reason: Reason) -> None:
    """The flow's own words for it, or the default ones of the kind; a choice shows its options again."""
    if collect.retry_text is None:
        key = "out_of_range" if reason is Reason.OUT_OF_RANGE else f"collect_{collect.kind.value}"
        body = turn.sentence(key)
    else:
        body = render_body(turn, collect.retry_text)
    if collect.kind is AnswerKind.LOCATION:
        turn.say(LocationRequest(body))
        return
    turn.say(Text(body))
    if collect.kind is AnswerKind.CHOICE and turn.question is not None:
        turn.say(turn.question)
