"""The part of the trace that tells how an answer was understood. It never holds a customer's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OldTap:
    """A tap on a message whose question is not the open one. Only global transitions were tried."""

    payload: str


@dataclass(frozen=True, slots=True)
class OfferedBack:
    """An answer with several meanings, or one that comes near to an option, was asked back."""

    payloads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerKept:
    """The answer that a state collects was understood and is in data under ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class AnswerRefused:
    """The answer that a state collects could not be used, for the ``tries``-th time."""

    reason: str
    tries: int
