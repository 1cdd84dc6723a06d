"""Tokens to nodes: a Pratt parser over one table of binding powers.

From loose to tight: ``or``, ``and``, ``not``, comparisons (which do not chain), ``+ -``, ``*``,
prefix ``-``, ``|``. A filter binds tightest, so ``data.slots | length > 3`` compares the length.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final, cast

from flow_engine.errors import ExpressionError
from flow_engine.expressions.functions import FUNCTIONS
from flow_engine.expressions.limits import MAX_DEPTH, MAX_NODES, MAX_NUMBER
from flow_engine.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Constant,
    Filtered,
    Node,
    Path,
    Sequence,
    Unary,
)
from flow_engine.expressions.tokens import CLOSING, Token, TokenKind, tokenize

ROOTS: Final = ("data", "contact", "business")
LOCAL_ROOTS: Final = ("value", "item")
"""Roots that stand for something in one place only: what ``validate`` judges, and what ``for_each`` goes through."""

"""The only names an expression may start from."""

_COMPARISON: Final = 40
_NOT: Final = 30
_NEGATION: Final = 70
_FILTER: Final = 80
_BINDING: Final[dict[str, int]] = {
    "or": 10,
    "and": 20,
    "==": _COMPARISON,
    "!=": _COMPARISON,
    "<": _COMPARISON,
    "<=": _COMPARISON,
    ">": _COMPARISON,
    ">=": _COMPARISON,
    "in": _COMPARISON,
    "not in": _COMPARISON,
    "+": 50,
    "-": 50,
    "*": 60,
    "|": _FILTER,
}


def parse_placeholder(text: str, start: int) -> tuple[Node, int]:
    """Parse the expression that begins at index ``start`` and ends with ``}}``.

    Returns the node and the index behind the braces.
    """
    parser = _Parser(text, start)
    if not text[start:].strip():
        raise _never_closed(start)
    node = parser.whole()
    if parser.token.text != CLOSING:
        raise _never_closed(start)
    return node, parser.token.start + len(CLOSING)


def parse_condition(text: str) -> Node:
    """Parse a text that is one expression, without braces around it."""
    if text.lstrip().startswith("{{"):
        raise _braces_around(text.index("{{"))
    parser = _Parser(text, 0)
    node = parser.whole()
    if parser.token.text == CLOSING:
        raise _braces_around(parser.token.start)
    return node


class _Parser:
    """One reading of one expression; ``token`` is the next one not yet consumed."""

    def __init__(self, text: str, start: int) -> None:
        self._tokens = tokenize(text, start)
        self._depth = 0
        self._nodes = 0
        self.token = next(self._tokens)

    def whole(self) -> Node:
        if self._at_end():
            raise ExpressionError("The expression is empty.", self.token.start + 1)
        node = self._expression(0)
        if not self._at_end():
            raise self._leftover()
        return node

    def _at_end(self) -> bool:
        return self.token.kind is TokenKind.END

    def _expression(self, floor: int) -> Node:
        self._enter()
        left = self._prefix()
        while (operator := self._infix()) and _BINDING[operator] > floor:
            left = self._combine(left, operator)
        self._depth -= 1
        return left

    def _infix(self) -> str:
        """The infix operator at the present token, or "" (``not`` is one only before ``in``)."""
        token = self.token
        if token.kind is not TokenKind.SYMBOL:
            return ""
        if token.text == "not":
            return "not in"
        return token.text if token.text in _BINDING else ""

    def _combine(self, left: Node, operator: str) -> Node:
        at = self._take()
        if operator == "not in":
            self._expect("in")
        self._count(at)
        if operator == "|":
            return self._filter(left)
        power = _BINDING[operator]
        right = self._expression(power)
        if power == _COMPARISON and _BINDING.get(self._infix()) == _COMPARISON:
            raise ExpressionError("Comparisons do not chain.", self.token.start + 1, "Join two of them with 'and'.")
        return Binary(cast(BinaryOperator, operator), left, right)

    def _prefix(self) -> Node:
        token = self._take()
        self._count(token)
        if token.kind is TokenKind.VALUE:
            return Constant(token.value)
        if token.kind is TokenKind.NAME:
            return self._path(token)
        if token.text == "(":
            node = self._expression(0)
            self._expect(")")
            return node
        if token.text == "[":
            return Sequence(self._items())
        if token.text == "not":
            return Unary("not", self._expression(_NOT))
        if token.text == "-":
            return Unary("-", self._expression(_NEGATION))
        raise _unexpected(token, "A value is missing")

    def _path(self, token: Token) -> Path | Call:
        if token.text not in ROOTS and token.text not in LOCAL_ROOTS:
            raise _unknown_root(token)
        steps: list[str | int] = []
        while self.token.kind is TokenKind.SYMBOL and self.token.text in (".", "["):
            if self._take().text == ".":
                steps.append(self._name("A name is missing after the dot"))
            else:
                steps.append(self._index())
                self._expect("]")
        if self.token.text == "(":
            return self._call(token.text, steps)
        return Path(token.text, tuple(steps))

    def _call(self, root: str, steps: list[str | int]) -> Call:
        name = steps[0] if len(steps) == 1 else None
        if not isinstance(name, str) or (root, name) not in FUNCTIONS:
            hint = "Use a filter: value | name. Only business.open_at(time) is called."
            raise ExpressionError("Nothing can be called here.", self.token.start + 1, hint)
        self._take()
        argument = self._expression(0)
        self._expect(")")
        return Call(root, name, argument)

    def _index(self) -> str | int:
        negative = self.token.text == "-"
        if negative:
            self._take()
        token = self._take()
        value = token.value
        if token.kind is TokenKind.VALUE and not isinstance(value, bool):
            if isinstance(value, int) and value <= MAX_NUMBER:
                return -value if negative else value
            if isinstance(value, str) and not negative:
                return value
        raise _unexpected(token, "Between [ and ] stands a whole number or a quoted name")

    def _filter(self, operand: Node) -> Filtered:
        at = self.token
        name = self._name("The name of a filter is missing after '|'")
        arguments: list[Node] = []
        if self.token.text == ":":
            self._take()
            arguments.append(self._expression(_FILTER))
            while self.token.text == ",":
                self._take()
                arguments.append(self._expression(_FILTER))
        return Filtered(operand, name, tuple(arguments), at.start + 1)

    def _items(self) -> tuple[Node, ...]:
        items: list[Node] = []
        while self.token.text != "]":
            items.append(self._expression(0))
            if self.token.text != ",":
                break
            self._take()
        self._expect("]")
        return tuple(items)

    def _name(self, missing: str) -> str:
        token = self._take()
        if not token.is_word:
            raise _unexpected(token, missing)
        return token.text

    def _take(self) -> Token:
        token = self.token
        if not self._at_end():
            self.token = next(self._tokens)
        return token

    def _expect(self, symbol: str) -> None:
        token = self._take()
        if token.kind is not TokenKind.SYMBOL or token.text != symbol:
            raise _unexpected(token, f"'{symbol}' is missing")

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"The expression nests deeper than {MAX_DEPTH} levels.", self.token.start + 1)

    def _count(self, at: Token) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ExpressionError(f"The expression has more than {MAX_NODES} parts.", at.start + 1)

    def _leftover(self) -> ExpressionError:
        token = self.token
        if token.text == "(":
            return ExpressionError("Nothing can be called here.", token.start + 1)
        hint = "Join two expressions with 'and', 'or' or '+'."
        return ExpressionError(f"'{token.text}' is one too many here.", token.start + 1, hint)


def _braces_around(start: int) -> ExpressionError:
    return ExpressionError("A condition has no braces around it.", start + 1, "Write the expression without {{ }}.")


def _never_closed(start: int) -> ExpressionError:
    return ExpressionError("The placeholder is never closed.", start - 1, "Add }} at its end.")


def _unexpected(token: Token, what: str) -> ExpressionError:
    end = token.kind is TokenKind.END
    found = "the end of the expression" if end else f"'{token.text}'"
    return ExpressionError(f"{what}; found {found}.", token.start + 1)


def _unknown_root(token: Token) -> ExpressionError:
    known = ", ".join(f"'{root}'" for root in ROOTS)
    close = get_close_matches(token.text, ROOTS, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"Did you mean 'data.{token.text}'?"
    message = f"Unknown name '{token.text}'; an expression starts from {known}."
    return ExpressionError(message, token.start + 1, hint)
