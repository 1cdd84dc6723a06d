"""Reads the normalised program field by field; whatever is not as it must be is a ``ProgramError`` with its path.

Authors never see these faults: the language side has checked the flow before. They guard the runtime against a
program that was made by something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from sys import intern
from typing import Final, Never, cast

from flow_engine.errors import ExpressionError, ProgramError
from flow_engine.expressions import (
    Condition,
    Languages,
    Locale,
    Template,
    ValueTemplate,
    compile_condition,
    compile_localised,
    compile_template,
    compile_value,
    compile_wordless,
)
from flow_engine.vocabulary import JSON, JSONObject

TARGET_WORDS: Final = frozenset(("@back", "@restart", "@return", "@end"))
"""What may stand in the place of a state: where the conversation has been, or its end."""


def full_name(flow: str | None, state: str) -> str:
    """The name under which a program keeps a state: a sub-flow's states come after the flow's name and a slash."""
    return state if flow is None else f"{flow}/{state}"


class Fields:
    """One object of the program, where it stands, and the locale its templates are compiled for.

    ``flow`` is the sub-flow it belongs to, if any: states are named within it. Every state that is named as a target
    is noted in ``targets``, which all objects of a program share, as its path and its full name. ``languages`` are
    those of texts that have none for a contact.
    """

    __slots__ = ("_values", "flow", "languages", "locale", "path", "targets")

    def __init__(
        self,
        value: JSON,
        path: str,
        locale: Locale,
        flow: str | None = None,
        targets: list[tuple[str, str]] | None = None,
        languages: Languages | None = None,
    ) -> None:
        if not isinstance(value, dict):
            raise ProgramError(path, "an object was expected")
        self._values = value
        self.path = path
        self.locale = locale
        self.flow = flow
        self.targets = [] if targets is None else targets
        self.languages = languages or Languages(locale.language)

    def fail(self, key: str, message: str) -> Never:
        raise ProgramError(self._at(key), message)

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str):
            self.fail(key, "a text was expected")
        return intern(value)  # states name each other over and over: one text, one place in memory

    def name(self, key: str) -> str:
        """A text that is not empty."""
        return self.text(key) or self.fail(key, "the text is empty")

    def optional_text(self, key: str) -> str | None:
        return None if self._values.get(key) is None else self.text(key)

    def target(self, key: str) -> str:
        """A state by its full name (``<flow>/<state>`` inside a sub-flow), or one of ``TARGET_WORDS``."""
        name = self.name(key)
        if name[0] == "@" and name in TARGET_WORDS:
            self.targets.append(("", name))
            return name
        return self.state(key)

    def optional_target(self, key: str) -> str | None:
        return None if self._values.get(key) is None else self.target(key)

    def state(self, key: str) -> str:
        """A state by its full name."""
        name = full_name(self.flow, self.name(key))
        self.targets.append((self._at(key), name))
        return name

    def optional_state(self, key: str) -> str | None:
        return None if self._values.get(key) is None else self.state(key)

    def within(self, flow: str) -> Fields:
        """The same object, its states named within ``flow``."""
        return Fields(self._values, self.path, self.locale, flow, self.targets, self.languages)

    def optional_child(self, key: str) -> Fields | None:
        return None if self._values.get(key) is None else self.child(key)

    def has(self, key: str) -> bool:
        """There is something under ``key``, whatever it is."""
        return self._values.get(key) is not None

    def optional(self, key: str) -> JSON:
        return self._values.get(key)

    def flag(self, key: str) -> bool:
        value = self._values.get(key)
        if not isinstance(value, bool):
            self.fail(key, "true or false was expected")
        return value

    def optional_whole_number(self, key: str) -> int | None:
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fail(key, "a whole number above zero was expected")
        return value

    def template(self, key: str) -> Template:
        """A text, or the same text in several languages: ``{"es": "Hola", "en": "Hello"}``."""
        value = self._values.get(key)
        if isinstance(value, dict):
            return self._compile(key, self._localised, value)
        template = self._compile(key, compile_template, self.text(key))
        return compile_wordless(template, self.locale, self.languages) if self.languages.document else template

    def optional_template(self, key: str) -> Template | None:
        return None if self._values.get(key) is None else self.template(key)

    def templates(self, key: str) -> Iterator[Template]:
        """The templates of a list, in order."""
        for index, item in enumerate(self.items(key)):
            entry = Fields({str(index): item}, self._at(key), self.locale, languages=self.languages)
            yield entry.template(str(index))

    def condition(self, key: str) -> Condition | None:
        text = self.optional_text(key)
        return None if text is None else self._compile(key, compile_condition, text)

    def value_template(self, key: str) -> ValueTemplate:
        return self._compile(key, compile_value, self._values.get(key))

    def object(self, key: str) -> JSONObject:
        value = self._values.get(key)
        if not isinstance(value, dict):
            self.fail(key, "an object was expected")
        return value

    def child(self, key: str) -> Fields:
        return Fields(self._values.get(key), self._at(key), self.locale, self.flow, self.targets, self.languages)

    def children(self, key: str) -> Iterator[Fields]:
        """The objects of a list, in order."""
        for index, item in enumerate(self.items(key)):
            at = f"{self._at(key)}.{index}"
            yield Fields(item, at, self.locale, self.flow, self.targets, self.languages)

    def items(self, key: str) -> list[JSON]:
        value = self._values.get(key)
        if not isinstance(value, list):
            self.fail(key, "a list was expected")
        return value

    def keys(self) -> Iterator[str]:
        return iter(self._values)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _localised(self, texts: JSONObject, locale: Locale) -> Template:
        if not texts or not all(isinstance(text, str) for text in texts.values()):
            raise ExpressionError("a text for each language was expected", 1)
        return compile_localised(cast("dict[str, str]", texts), locale, self.languages)

    def _compile[S, C](self, key: str, compiled: Callable[[S, Locale], C], source: S) -> C:
        try:
            return compiled(source, self.locale)
        except ExpressionError as fault:
            raise ProgramError(self._at(key), f"{fault.message} (column {fault.column})") from fault
