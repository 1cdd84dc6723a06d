"""``Chat``: what a played script looks like, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from flow_engine.vocabulary import JSON, JSONObject


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line of the chat.

    ``by`` is ``customer``, ``bot`` or ``clock``. A bot's ``output`` is the codec's JSON, shaped for the channel;
    ``state`` is the step that said it, ``why`` its reasons in words, most important first. ``at`` is the business's
    wall clock (ISO, with offset).
    """

    by: str
    at: str
    text: str = ""
    output: JSONObject | None = None
    state: str | None = None
    why: tuple[str, ...] = ()

    def as_json(self) -> JSONObject:
        why: list[JSON] = list(self.why)
        return {
            "by": self.by,
            "at": self.at,
            "text": self.text,
            "output": self.output,
            "state": self.state,
            "why": why,
        }


@dataclass(frozen=True, slots=True)
class Chat:
    """The whole chat and where it stands now.

    ``path`` are the steps in the order they were entered, so that the map can follow. ``waiting`` is what will happen
    by itself, and when. ``paused``: a person has taken over. ``problem`` says why the chat stopped short, if it did.
    """

    bubbles: tuple[Bubble, ...]
    state: str | None
    path: tuple[str, ...]
    data: JSONObject
    now: str
    paused: bool = False
    window_open: bool = True
    waiting: tuple[JSONObject, ...] = field(default_factory=tuple)
    problem: str | None = None

    def as_json(self) -> JSONObject:
        path: list[JSON] = list(self.path)
        waiting: list[JSON] = list(self.waiting)
        bubbles: list[JSON] = [bubble.as_json() for bubble in self.bubbles]
        return {
            "bubbles": bubbles,
            "state": self.state,
            "path": path,
            "data": self.data,
            "now": self.now,
            "paused": self.paused,
            "window_open": self.window_open,
            "waiting": waiting,
            "problem": self.problem,
        }
