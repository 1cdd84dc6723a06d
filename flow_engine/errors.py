"""The engine's one family of errors.

FlowEngineError
├── ExpressionError    a template or condition cannot be compiled
├── ProgramError       a normalised program cannot be loaded
├── SurroundingsError  a catalogue, channel or list of templates given to ``check`` cannot be used
└── CodecError         a snapshot, effect or output cannot be read from its JSON

Only faults in what an author wrote are exceptions. What a customer sends, and what a connector
answers, never raises.
"""

from __future__ import annotations


class FlowEngineError(Exception):
    """Base of everything that ``flow_engine`` raises on purpose."""


class ExpressionError(FlowEngineError):
    """A template or condition does not follow the grammar or breaks one of its bounds.

    ``column`` counts characters of the text from 1; a line break is one character.
    ``hint`` says what to write instead, and is empty when there is nothing better to say.
    """

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint


class ProgramError(FlowEngineError):
    """A normalised program that cannot be run. ``path`` leads to the fault (``states.MENU.on_enter.0.text``)."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


class SurroundingsError(FlowEngineError):
    """What a flow is to be checked against cannot be used; the message says where and why."""


class CodecError(FlowEngineError):
    """Stored JSON that is no snapshot, effect or output."""
