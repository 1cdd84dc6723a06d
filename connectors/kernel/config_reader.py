"""Reads one block of configuration into typed values and collects every fault with its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.errors import ConnectorConfigError
from connectors.kernel.option_kinds import shown
from connectors.plain_json import JSON


class ConfigReader:
    """One mapping at ``path``. Each ``take`` method removes a key; what is left over is unknown.

    A fault is noted and a usable default returned, so that one reading finds all of them;
    ``finish`` raises when there were any.
    """

    def __init__(self, block: Mapping[str, JSON], path: str) -> None:
        self._left = dict(block)
        self._known: list[str] = []
        self.path = path
        self.problems: list[str] = []

    def fault(self, key: str, problem: str) -> None:
        """Note that the value at ``key`` (dotted, below this block) is wrong."""
        self.problems.append(f"{self.path}.{key}: {problem}" if key else f"{self.path}: {problem}")

    def take(self, key: str) -> JSON:
        """The raw value, ``None`` when absent."""
        self._known.append(key)
        return self._left.pop(key, None)

    def take_text(self, key: str, default: str) -> str:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.fault(key, f"must be a text that is not empty, not {shown(value)}")
            return default
        return value

    def take_mapping(self, key: str) -> Mapping[str, JSON]:
        value = self.take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(key, f"must be a mapping, not {shown(value)}")
            return {}
        return value

    def take_parsed[T](self, key: str, parse: Callable[[JSON], T], default: T) -> T:
        """The value through ``parse``, whose ``ValueError`` text becomes the fault."""
        value = self.take(key)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.fault(key, str(error))
            return default

    def finish(self) -> None:
        """Raise ``ConnectorConfigError`` with every fault, unknown keys included."""
        known = ", ".join(self._known)
        for key in self._left:
            self.fault(str(key), f"unknown key; known here: {known}")
        self._left = {}
        if self.problems:
            raise ConnectorConfigError(self.problems)
