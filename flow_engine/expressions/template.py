"""``compile_template`` and ``compile_value``: texts and JSON with ``{{ … }}`` in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from flow_engine.errors import ExpressionError
from flow_engine.expressions.closures import Evaluate, Scope, build
from flow_engine.expressions.limits import (
    MAX_PLACEHOLDERS,
    MAX_SOURCE_CHARS,
    MAX_TEXT_CHARS,
    MAX_VALUE_DEPTH,
)
from flow_engine.expressions.locale import Locale, locale_for
from flow_engine.expressions.nodes import Node
from flow_engine.expressions.parser import parse_placeholder
from flow_engine.expressions.text import to_text
from flow_engine.vocabulary import JSON

_OPENING = "{{"


class _Same:
    """A value that is the same in every scope. Its method takes a third of a closure's memory.

    A large flow has thousands of them, and hardly one is called: whoever renders asks for the constant first. A text's
    closure is called in every step, where a mixture of functions and methods is slower (measured).
    """

    __slots__ = ("_value",)

    def __init__(self, value: JSON) -> None:
        self._value = value

    def render(self, _scope: Scope) -> JSON:
        return self._value


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled text. Neither function raises, whatever the scope holds.

    ``render`` keeps the value's type when the whole text is one placeholder, and else gives text;
    ``render_text`` always gives text, at most MAX_TEXT_CHARS characters.
    ``expressions`` are the parsed placeholders in order, for rules that look into them; ``words`` is what stands
    around them. ``constant`` is the text itself where it is the same in every scope.
    """

    source: str
    render: Callable[[Scope], JSON] = field(repr=False, compare=False)
    render_text: Callable[[Scope], str] = field(repr=False, compare=False)
    expressions: tuple[Node, ...] = field(repr=False, compare=False)
    words: str = field(default="", repr=False, compare=False)
    constant: str | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ValueTemplate:
    """A compiled JSON value: texts anywhere in it are templates, keys and other values stay.

    ``constant`` is the value itself where ``is_constant``: a text without placeholders, a number, true, false or null.
    """

    render: Callable[[Scope], JSON] = field(repr=False, compare=False)
    expressions: tuple[Node, ...] = field(repr=False, compare=False)
    is_constant: bool = field(default=False, repr=False, compare=False)
    constant: JSON = field(default=None, repr=False, compare=False)


def compile_template(text: str, locale: Locale | None = None) -> Template:
    """Compile ``text``, for example ``"See you on {{ data.day | date: 'long' }}."``.

    ``locale`` is English in UTC by default. Raises ExpressionError.
    """
    if len(text) > MAX_SOURCE_CHARS:
        raise ExpressionError(f"The text is longer than {MAX_SOURCE_CHARS} characters.", 1)
    literals, nodes = _split(text)
    if not nodes:
        return _constant(literals[0])
    locale = locale or locale_for()
    parts = tuple(build(node, locale) for node in nodes)
    if len(parts) == 1:
        return _single(text, literals, parts[0], nodes)
    render_text = _several(literals, parts)
    return Template(text, render_text, render_text, nodes, "".join(literals))


@lru_cache(maxsize=4096)  # the words of a few flows: large flows repeat their ids and titles over and over
def _constant(text: str) -> Template:
    def render(_scope: Scope) -> str:
        return text

    return Template(text, render, render, (), text, text)


def compile_value(value: JSON, locale: Locale | None = None) -> ValueTemplate:
    """Compile every text inside ``value``. Raises ExpressionError with the column in that text."""
    nodes: list[Node] = []
    render = _value(value, locale or locale_for(), nodes, 0)
    is_constant = not nodes and not isinstance(value, list | dict)  # a list or object is made anew each time
    return ValueTemplate(render, tuple(nodes), is_constant, value if is_constant else None)


def _split(text: str) -> tuple[list[str], tuple[Node, ...]]:
    """The texts around the placeholders (always one more than there are placeholders), and those."""
    literals: list[str] = []
    nodes: list[Node] = []
    index = 0
    while (opening := text.find(_OPENING, index)) >= 0:
        if len(nodes) == MAX_PLACEHOLDERS:
            message = f"The text has more than {MAX_PLACEHOLDERS} placeholders."
            raise ExpressionError(message, opening + 1)
        literals.append(text[index:opening])
        node, index = parse_placeholder(text, opening + len(_OPENING))
        nodes.append(node)
    literals.append(text[index:])
    return literals, tuple(nodes)


def _single(text: str, literals: list[str], value: Evaluate, nodes: tuple[Node, ...]) -> Template:
    before, after = literals

    def render_text(scope: Scope) -> str:
        return f"{before}{to_text(value(scope))}{after}"[:MAX_TEXT_CHARS]

    alone = not before and not after
    return Template(text, value if alone else render_text, render_text, nodes, before + after)


def _several(literals: list[str], parts: tuple[Evaluate, ...]) -> Callable[[Scope], str]:
    """One %-format fills all placeholders at once, in half the time of joining the pieces (measured)."""
    pattern = "%s".join(literal.replace("%", "%%") for literal in literals)

    def render_text(scope: Scope) -> str:
        return (pattern % tuple([to_text(value(scope)) for value in parts]))[:MAX_TEXT_CHARS]

    return render_text


def _value(value: JSON, locale: Locale, nodes: list[Node], depth: int) -> Callable[[Scope], JSON]:
    if depth > MAX_VALUE_DEPTH:
        raise ExpressionError(f"The value nests deeper than {MAX_VALUE_DEPTH} levels.", 1)
    if isinstance(value, str):
        template = compile_template(value, locale)
        nodes.extend(template.expressions)
        return template.render
    if isinstance(value, list):
        items = tuple(_value(item, locale, nodes, depth + 1) for item in value)
        return lambda scope: [item(scope) for item in items]
    if isinstance(value, dict):
        members = tuple((k, _value(v, locale, nodes, depth + 1)) for k, v in value.items())
        return lambda scope: {key: member(scope) for key, member in members}
    return _Same(value).render
