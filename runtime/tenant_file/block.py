"""One mapping of a development file, read key by key with every fault noted where it stands. Development only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language.yaml_reader import Locations, Position, read_yaml
from flow_engine.language.yaml_reader import Path as YAMLPath
from flow_engine.vocabulary import JSON, JSONObject


class FaultList:
    """Everything wrong so far. True when there is anything."""

    def __init__(self) -> None:
        self._faults: list[Diagnostic] = []

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, file: Path, line: int, column: int, code: str, message: str, hint: str = "") -> None:
        self._faults.append(Diagnostic(code, Severity.ERROR, message, hint, str(file), line, column))

    def has(self, file: Path, line: int, column: int) -> bool:
        """Whether something was already found there."""
        return (str(file), line, column) in {(fault.file, fault.line, fault.column) for fault in self._faults}

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._faults.extend(diagnostics)

    def lines(self) -> tuple[str, ...]:
        """File by file, in the order of the text, each fault once."""
        ordered = sorted(self._faults, key=lambda fault: (fault.file, fault.line, fault.column, fault.code))
        return tuple(dict.fromkeys(str(fault) for fault in ordered))


def read_document(path: Path, faults: FaultList) -> Block | None:
    """The file's one mapping under the limits of the flow language's own reader; ``None`` and faults otherwise."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        faults.add(path, 1, 1, "R108", "The file cannot be read as UTF-8 text.")
        return None
    reading = read_yaml(text)
    for fault in reading.faults:
        faults.add(path, fault.position.line, fault.position.column, fault.code, fault.message, fault.hint)
    if not reading.readable:
        return None
    if not isinstance(reading.value, dict):
        faults.add(path, 1, 1, "R103", "The file must be a mapping of keys to values.")
        return None
    return Block(reading.value, (), path, reading.locations, faults)


class Block:
    """A mapping at ``path`` of a document. Methods return a usable default for what they note as a fault."""

    def __init__(self, value: JSONObject, path: YAMLPath, file: Path, locations: Locations, faults: FaultList) -> None:
        self._value = value
        self._path = path
        self._file = file
        self._locations = locations
        self._faults = faults

    @classmethod
    def empty(cls, faults: FaultList) -> Block:
        return cls({}, (), Path(), Locations(""), faults)

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def fault(self, key: str | None, code: str, message: str, hint: str = "") -> None:
        """Note a fault at a key, or (``None``) at the block itself."""
        self._note(() if key is None else (key,), code, message, hint)

    def fault_at(self, dotted: str, code: str, message: str) -> None:
        """Note a fault at a path such as ``connectors.calendar.type``, or at the nearest thing above it.

        Passed over where a fault stands already: this one is its consequence.
        """
        steps = tuple(int(step) if step.isdigit() else step for step in dotted.split("."))
        while steps and not self._reaches(steps):
            steps = steps[:-1]
        position = self._position(steps)
        if not self._faults.has(self._file, position.line, position.column):
            self._note(steps, code, message, "")

    def refuse_unknown(self, known: Sequence[str]) -> None:
        for key in self._value:
            if key not in known:
                self.fault(key, "R101", f"The key {key} is not known here.", f"Known are {', '.join(known)}.")

    def text(self, key: str, *, required: bool = False) -> str | None:
        value = self._value.get(key)
        if key not in self._value:
            if required:
                self.fault(None, "R102", f"The key {key} is missing.")
            return None
        if not isinstance(value, str) or not value.strip():
            self.fault(key, "R103", f"{key} must be a text.", "If it is a number, put it in quotes.")
            return None
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        value = self._value.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, "R103", f"{key} must be true or false.")
            return default
        return value

    def whole_number(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fault(key, "R103", f"{key} must be a whole number from 0 up.")
            return None
        return value

    def texts(self, key: str) -> dict[str, str]:
        child = self.child(key)
        return {name: child.text(name) or "" for name in child.object()}

    def keys(self, key: str) -> Sequence[str]:
        return tuple(self.object(key))

    def items(self, key: str) -> Sequence[int]:
        """The indexes of a list."""
        value = self._value.get(key)
        if not isinstance(value, list):
            self.fault(key, "R103", f"{key} must be a list.")
            return ()
        return range(len(value))

    def child(self, key: str) -> Block:
        """The mapping under ``key``; an empty one when it is absent or no mapping."""
        return Block(self.object(key), (*self._path, key), self._file, self._locations, self._faults)

    def plain(self, key: str) -> JSON:
        """Whatever stands there, for whoever reads the block further on."""
        return self._value.get(key)

    def object(self, *steps: str | int) -> JSONObject:
        """The mapping at a path below this block; absent means empty."""
        value: JSON = self._value
        for step in steps:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._note(steps, "R103", f"{steps[-1]} must be a mapping of keys to values.", "")
            return {}
        return value

    def _reaches(self, steps: YAMLPath) -> bool:
        node: JSON = self._value
        for step in steps:
            match node, step:
                case dict(), str() if step in node:
                    node = node[step]
                case list(), int() if step < len(node):
                    node = node[step]
                case _:
                    return False
        return True

    def _note(self, steps: YAMLPath, code: str, message: str, hint: str) -> None:
        position = self._position(steps)
        self._faults.add(self._file, position.line, position.column, code, message, hint)

    def _position(self, steps: YAMLPath) -> Position:
        return self._locations.of_key((*self._path, *steps))
