"""``chat`` and ``record``: a flow in the terminal, with a clock and failures at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TextIO

from flow_engine.cases.assembling import moment
from flow_engine.cases.bubbles import bubble_of
from flow_engine.cases.fields import YEARS, is_moment
from flow_engine.cases.offers import Offer
from flow_engine.cases.recording import recorded_step
from flow_engine.cases.stage import Stage
from flow_engine.cli.examples import ExampleAnswers
from flow_engine.explain import explain
from flow_engine.outputs.stamp import split_stamp
from flow_engine.vocabulary import FailureKind, JSONObject, MessageType

HELP: Final = """\
Write as a customer would, or:
  /tap N            tap the option with this number, title or id
  /send TYPE        send an image, an audio, a location …
  /clock +2h        let time pass (s, m, h, d), or until 2026-11-24T09:00
  /task NAME        run a task now
  /fail NAME [KIND] let the next call of this connector fail (timeout, conflict …)
  /resume           the person who took over hands back
  /state  /data     where the conversation is, and what it knows
  /why              why the last answer was what it was
  /quit"""

_SPAN: Final = re.compile(r"\+([0-9]{1,5})([smhd])", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Terminal:
    """One chat. ``handle`` takes the lines; everything that is to be seen goes to ``out``.

    ``steps`` keeps what was done as the steps of a case.
    """

    def __init__(self, stage: Stage, examples: ExampleAnswers, flow: JSONObject, out: TextIO) -> None:
        self.stage = stage
        self.steps: list[JSONObject] = []
        self._examples = examples
        self._flow = flow
        self._out = out

    def handle(self, line: str) -> bool:
        """``False`` when the chat is over."""
        word, _, rest = line.strip().partition(" ")
        if word == "/quit":
            return False
        if not word:
            return True
        command = self._commands.get(word)
        if command is not None:
            command(self, rest.strip())
        elif word.startswith("/"):
            self._print(HELP)
        else:
            self.stage.say(line.strip())
            self._show({"say": line.strip()})
        return True

    def _tap(self, wanted: str) -> None:
        offer = self._offer(wanted)
        if offer is None:
            self._print("Nothing to tap has this number, title or id.")
            return
        titles = [present.option.title for present in self.stage.offers.present]
        name = split_stamp(offer.option.id)[0] if titles.count(offer.option.title) > 1 else offer.option.title
        self.stage.tap_offer(offer)
        self._show({"tap": name})

    def _offer(self, wanted: str) -> Offer | None:
        present = self.stage.offers.present
        if wanted.isdecimal() and 1 <= int(wanted) <= len(present):
            return present[int(wanted) - 1]
        return self.stage.offers.find(wanted)

    def _send(self, type_: str) -> None:
        if type_ not in set(MessageType):
            self._print(f"Message types are {', '.join(MessageType)}.")
            return
        self.stage.send(MessageType(type_))
        self._show({"send": {"type": type_}})

    def _clock(self, text: str) -> None:
        until = self._moment(text)
        if until is None:
            self._print("Write /clock +2h or /clock 2026-11-24T09:00.")
            return
        if until < self.stage.now:
            self._print("The clock never goes back.")
            return
        self.stage.wait_until(until)
        self._print(f"It is {until.astimezone(self.stage.program.zone):%Y-%m-%d %H:%M}.")
        self._show({"clock": until.astimezone(self.stage.program.zone).isoformat()})

    def _moment(self, text: str) -> datetime | None:
        """``None`` for a text that names no moment, or one too far away."""
        span = _SPAN.fullmatch(text)
        if span is None:
            return moment(text, self.stage.program) if is_moment(text) else None
        until = self.stage.now + timedelta(**{_UNITS[span[2]]: int(span[1])})
        return until if until.year in YEARS else None

    def _task(self, name: str) -> None:
        if name not in self.stage.program.tasks:
            self._print(f"Tasks are {', '.join(self.stage.program.tasks) or 'none'}.")
            return
        self.stage.run_task(name)
        self._show({"run_task": name})

    def _fail(self, text: str) -> None:
        connector, _, kind = text.partition(" ")
        kind = kind.strip() or FailureKind.UNAVAILABLE.value
        if not connector or kind not in set(FailureKind):
            self._print(f"Write /fail calendar, or one of {', '.join(FailureKind)} behind it.")
            return
        self._examples.failing[connector] = FailureKind(kind)
        self._print(f"The next call of {connector} fails: {kind}.")

    def _resume(self, _: str) -> None:
        self.stage.resume()
        self._show({"resume": True})

    def _state(self, _: str) -> None:
        self._print(self.stage.conversation.state or "(nothing was said yet)")

    def _data(self, _: str) -> None:
        self._print(json.dumps(self.stage.conversation.data, ensure_ascii=False, indent=2))

    def _why(self, _: str) -> None:
        for sentence in explain(self.stage.trace, self._flow):
            self._print(f"- {sentence}")

    _commands: Mapping[str, Callable[[Terminal, str], None]] = {
        "/tap": _tap,
        "/send": _send,
        "/clock": _clock,
        "/task": _task,
        "/fail": _fail,
        "/resume": _resume,
        "/state": _state,
        "/data": _data,
        "/why": _why,
    }

    def _show(self, verb: JSONObject) -> None:
        """Keep the step, and print what the bot said; what can be tapped is numbered."""
        self.steps.append(recorded_step(verb, self.stage))
        number = 0
        for output in self.stage.replies:
            bubble = bubble_of(output)
            words = bubble.text if bubble.text or bubble.type == "text" else f"({bubble.type})"
            self._print("bot: " + words.replace("\n", "\n     "))
            for title in bubble.titles:
                number += 1
                self._print(f"     [{number}] {title}")

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")
