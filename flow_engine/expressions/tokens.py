"""Characters to tokens. Linear in the length of the text; knows nothing of precedence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flow_engine.errors import ExpressionError
from flow_engine.expressions.limits import MAX_NUMBER
from flow_engine.vocabulary import JSON


class TokenKind(StrEnum):
    """What a token is. ``symbol`` covers operators and the words ``and``, ``or``, ``not``, ``in``."""

    VALUE = "value"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the token as written; ``value`` what a VALUE stands for; ``start`` its index from 0.

    A word such as ``in`` or ``true`` is still a name after a dot: ``data.in``; ``is_word`` tells.
    """

    kind: TokenKind
    text: str
    start: int
    value: JSON = None
    is_word: bool = False


CLOSING: Final = "}}"

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<string>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
      | (?P<closing>\}\})
      | (?P<symbol>\*\*|==|!=|<=|>=|&&|\|\||[-+*<>|:,.\[\]()])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "t": "\t"}
_SYMBOL_WORDS: Final = frozenset({"and", "or", "not", "in"})
_VALUE_WORDS: Final[dict[str, JSON]] = {
    "true": True,
    "false": False,
    "null": None,
    "none": None,
    "True": True,
    "False": False,
    "None": None,
}
_NOT_IN_THE_LANGUAGE: Final = {
    "**": "There is no power operator.",
    "/": "There is no division.",
    "%": "There is no remainder operator; {% … %} blocks do not exist either.",
    "=": "Compare with == (two signs).",
    "!": "Write 'not' instead of '!'.",
    "&&": "Write 'and' instead of '&&'.",
    "||": "Write 'or' instead of '||'.",
    "&": "Write 'and' instead of '&&'.",
    "?": "There is no '? :'; use 'and', 'or' or the filter 'default'.",
    "{": "Objects cannot be written inside an expression.",
    "}": "An expression in a text ends with two braces: }}.",
}
_LONGEST_NUMBER_CHARS: Final = 32  # MAX_NUMBER has 16 digits; the rest is room for a fraction.


def tokenize(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of one expression from index ``start``, then END.

    END stands at the closing braces or at the end of the text; its ``text`` tells which.
    Raises ExpressionError at the first character that starts no token.
    """
    index = start
    while index < len(text):
        match = _TOKEN.match(text, index)
        if match is None:
            raise _unreadable(text, index)
        kind, written = str(match.lastgroup), match.group()
        if kind == "closing":
            yield Token(TokenKind.END, CLOSING, index)
            return
        if kind != "space":
            yield _token(kind, written, index)
        index = match.end()
    yield Token(TokenKind.END, "", index)


def _token(kind: str, written: str, index: int) -> Token:
    if kind == "number":
        return Token(TokenKind.VALUE, written, index, _number(written, index))
    if kind == "string":
        return Token(TokenKind.VALUE, written, index, _unquote(written, index))
    if kind == "symbol":
        if written in _NOT_IN_THE_LANGUAGE:
            raise _unreadable(written, 0, index)
        return Token(TokenKind.SYMBOL, written, index)
    if written in _SYMBOL_WORDS:
        return Token(TokenKind.SYMBOL, written, index, is_word=True)
    if written in _VALUE_WORDS:
        return Token(TokenKind.VALUE, written, index, _VALUE_WORDS[written], is_word=True)
    return Token(TokenKind.NAME, written, index, is_word=True)


def _number(written: str, index: int) -> JSON:
    if len(written) <= _LONGEST_NUMBER_CHARS:
        number = float(written) if "." in written else int(written)
        if number <= MAX_NUMBER:
            return number
    raise ExpressionError(f"The number is larger than {MAX_NUMBER}.", index + 1)


def _unquote(written: str, index: int) -> str:
    def replace(match: re.Match[str]) -> str:
        try:
            return _ESCAPED[match.group(1)]
        except KeyError:
            message = f"The text holds an unknown escape {match.group()!r}."
            hint = r"Known are \" \' \\ \n \t."
            raise ExpressionError(message, index + 2 + match.start(), hint) from None

    return _ESCAPE.sub(replace, written[1:-1])


def _unreadable(text: str, at: int, offset: int = 0) -> ExpressionError:
    character = text[at : at + 2] if text[at : at + 2] in _NOT_IN_THE_LANGUAGE else text[at]
    column = offset + at + 1
    if character in "\"'":
        return ExpressionError("The text is never closed.", column, f"Add the closing {character}.")
    message = f"{character!r} is not part of the expression language."
    return ExpressionError(message, column, _NOT_IN_THE_LANGUAGE.get(character, ""))
