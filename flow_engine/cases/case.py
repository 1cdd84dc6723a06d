"""What a case says: values only, frozen, each with the place in the file it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flow_engine.cases.place import Place
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind, JSONObject, MessageType

ANY_NUMBER = -1
"""Of a script: answers as often as it is asked, also never."""


@dataclass(frozen=True, slots=True)
class Script:
    """One prepared answer of a connector: ``answer``, or the way it fails.

    It answers ``times`` calls of ``operation`` whose parameters are those of ``when``; others are not looked at.
    """

    place: Place
    connector: str
    operation: str
    answer: JSON = None
    error: FailureKind | None = None
    when: Mapping[str, JSON] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True, slots=True)
class LLMScript:
    """One prepared answer to a free question; ``question`` ``None`` takes any."""

    place: Place
    question: str | None
    outcome: AnswerOutcome
    text: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """``option`` is an id or a visible title. ``old``: it stands in an earlier message, not in the newest choice."""

    option: str
    old: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A message of any kind."""

    type: MessageType
    text: str = ""
    payload: str | None = None
    content: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: int


@dataclass(frozen=True, slots=True)
class Clock:
    """``at`` is an ISO date and time, in the tenant's zone where it has no offset."""

    at: str


@dataclass(frozen=True, slots=True)
class RunTask:
    """``data`` ``None``: as it was scheduled."""

    task: str
    data: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """The person who took over gives the conversation back to the bot."""


type Verb = Say | Tap | Send | Wait | Clock | RunTask | Resume


@dataclass(frozen=True, slots=True)
class ExpectedBubble:
    """What one message of the bot must be; ``None`` and empty are not looked at.

    ``details`` are fields of outputs by name (``header``, ``url``). ``short``: it is written as a text alone.
    """

    place: Place
    short: bool = False
    text: str | None = None
    contains: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    type: str | None = None
    options: tuple[str, ...] | None = None
    details: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """What the bot must do besides talking, as ``seen_effects`` shows it; keys that are not there are not looked at."""

    place: Place
    fields: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing that happens, and what must come of it; ``None`` is not looked at."""

    place: Place
    verb: Verb
    bot: tuple[ExpectedBubble, ...] | None = None
    never: tuple[str, ...] = ()
    state: str | None = None
    data: Mapping[str, JSON] | None = None
    effects: tuple[ExpectedEffect, ...] | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file as it was read: a case, or a reusable piece of one. What it does not say is ``None`` or empty."""

    file: str
    description: str | None = None
    flow: str | None = None
    settings: JSONObject = field(default_factory=dict)
    now: str | None = None
    contact: JSONObject = field(default_factory=dict)
    channel: str | None = None
    scripts: tuple[Script, ...] = ()
    llm: tuple[LLMScript, ...] = ()
    use: tuple[str, ...] = ()
    steps: tuple[CaseStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A case with all its pieces, ready to run. ``now`` and ``settings`` are as they were written."""

    file: str
    description: str
    settings: JSONObject
    now: str
    contact: JSONObject
    channel: str
    scripts: tuple[Script, ...]
    llm: tuple[LLMScript, ...]
    steps: tuple[CaseStep, ...]
