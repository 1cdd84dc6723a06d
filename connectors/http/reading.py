"""Reads ``operations`` of an ``http`` block: each declaration typed, every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.errors import ConnectorConfigError, FailureKind
from connectors.http.declaration import Declaration, Method, Rows, Success
from connectors.http.headers import checked_name
from connectors.http.placeholders import names_in
from connectors.kernel.config_reader import ConfigReader
from connectors.kernel.option_kinds import Choice, Flag, Integer, Text
from connectors.operation import Access, Operation, Parameter, ParameterKind
from connectors.plain_json import JSON

MAX_OPERATIONS = 50
"""Of one connector. A longer list is another connector."""

MAX_ROWS = 10
"""What a list message shows on the tightest channel."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PATH = re.compile(r"/[\x21-\x7e]*")
_PLACE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def read_operations(value: JSON) -> tuple[Declaration, ...]:
    """All of them. Raises ``ValueError`` with every fault, separated by semicolons."""
    if not isinstance(value, dict) or not 1 <= len(value) <= MAX_OPERATIONS:
        raise ValueError(f"must be a mapping of 1 to {MAX_OPERATIONS} operations")
    read: list[Declaration] = []
    problems: list[str] = []
    for name, block in value.items():
        if not _NAME.fullmatch(name):
            problems.append(f"{name[:40]}: must be lower-case letters, digits and '_'")
        elif not isinstance(block, dict):
            problems.append(f"{name}: must be a mapping with 'path'")
        else:
            try:
                read.append(_read_operation(name, block))
            except ConnectorConfigError as error:
                problems += error.problems
    if problems:
        raise ValueError("; ".join(problems))
    return tuple(read)


def _read_operation(name: str, block: Mapping[str, JSON]) -> Declaration:
    reader = ConfigReader(block, name)
    method = reader.take_parsed("method", Choice(Method).parse, Method.GET)
    parameters = _parameters(reader)
    operation = Operation(
        name,
        reader.take_parsed("access", Choice(Access).parse, method.access),
        reader.take_parsed("summary", Text().parse, name),
        parameters,
        result=reader.take("example"),
        repeatable=reader.take_parsed("idempotent", Flag().parse, method.repeatable),
    )
    declaration = Declaration(
        operation,
        method,
        reader.take_parsed("path", _path, ""),
        reader.take_parsed("query", _texts, {}),
        reader.take_parsed("headers", _headers, {}),
        reader.take("body"),
        reader.take_parsed("result", _places, None),
        reader.take_parsed("rows", _rows, None),
        _success(reader),
        reader.take_parsed("empty_on", _statuses, frozenset()),
        reader.take_parsed("errors", _errors, {}),
    )
    _check_together(declaration, reader)
    reader.finish()
    return declaration


def _check_together(declaration: Declaration, reader: ConfigReader) -> None:
    if not declaration.path and not any(".path:" in problem for problem in reader.problems):
        reader.fault("path", "is missing")
    if declaration.fields is not None and declaration.rows is not None:
        reader.fault("rows", "and 'result' exclude each other")
    if declaration.method is Method.GET and declaration.body is not None:
        reader.fault("body", "a GET has none")
    known = {parameter.name for parameter in declaration.operation.parameters}
    templates: JSON = [declaration.path, *declaration.query.values(), *declaration.headers.values(), declaration.body]
    try:
        used = list(dict.fromkeys(name.partition(".")[0] for name in names_in(templates)))
    except ValueError as error:
        reader.fault("", str(error))
        return
    for name in used:
        if name not in known:
            reader.fault("parameters", f"'{{{name}}}' is used and not declared")
    for name in sorted(known - set(used)):
        reader.fault("parameters", f"'{name}' is declared and not used")


def _parameters(reader: ConfigReader) -> tuple[Parameter, ...]:
    read: list[Parameter] = []
    for name, value in reader.take_mapping("parameters").items():
        block = {"summary": value} if isinstance(value, str) else value
        if not _NAME.fullmatch(name) or not isinstance(block, dict):
            reader.fault(
                f"parameters.{name[:40]}", "must be a name, and a text or a mapping of summary, kind and required"
            )
            continue
        inner = ConfigReader(block, f"{reader.path}.parameters.{name}")
        read.append(
            Parameter(
                name,
                inner.take_parsed("kind", Choice(ParameterKind).parse, ParameterKind.TEXT),
                inner.take_text("summary", name),
                required=inner.take_parsed("required", Flag().parse, default=True),
            )
        )
        try:
            inner.finish()
        except ConnectorConfigError as error:
            reader.problems += error.problems
    return tuple(read)


def _success(reader: ConfigReader) -> Success:
    inner = ConfigReader(reader.take_mapping("success"), f"{reader.path}.success")
    success = Success(
        inner.take_parsed("status", _statuses, frozenset()),
        inner.take_parsed("where", _place, ""),
        True if (equals := inner.take("equals")) is None else equals,
        inner.take_parsed("otherwise", Choice(FailureKind).parse, FailureKind.REJECTED),
    )
    try:
        inner.finish()
    except ConnectorConfigError as error:
        reader.problems += error.problems
    return success


def _path(value: JSON) -> str:
    if not isinstance(value, str) or not _PATH.fullmatch(value) or "?" in value or "#" in value:
        raise ValueError("must begin with '/' and hold no spaces, '?' or '#'")
    if any(segment in (".", "..") for segment in value.split("/")) or value.startswith("//"):
        raise ValueError("must not hold '.' or '..' as a part, nor begin with '//'")
    return value


def _place(value: JSON) -> str:
    if not isinstance(value, str) or not _PLACE.fullmatch(value):
        raise ValueError("must be a place of the answer like customer.name")
    return value


def _places(value: JSON) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value:
        raise ValueError("must be a mapping of names to places of the answer")
    return {name: _place(place) for name, place in value.items()}


def _texts(value: JSON) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError("must be a mapping of names to texts")  # noqa: TRY004 - a fault of the document
    texts: dict[str, str] = {}
    for name, text in value.items():
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            raise ValueError(f"{name[:40]}: must be a text or a number")  # noqa: TRY004 - a fault of the document
        texts[name] = str(text)
    return texts


def _headers(value: JSON) -> Mapping[str, str]:
    return {checked_name(name): text for name, text in _texts(value).items()}


def _rows(value: JSON) -> Rows:
    if not isinstance(value, dict) or set(value) - {"from", "each", "limit"}:
        raise ValueError("must be a mapping of from, each and limit")
    each = _texts(value.get("each"))
    if not each:
        raise ValueError("needs 'each', the texts of one row")
    list(names_in(dict(each)))
    source = value.get("from", "")
    return Rows("" if source == "" else _place(source), each, Integer(1, 100).parse(value.get("limit", MAX_ROWS)))


def _statuses(value: JSON) -> frozenset[int]:
    listed = value if isinstance(value, list) else [value]
    return frozenset(Integer(200, 599).parse(status) for status in listed)


def _errors(value: JSON) -> Mapping[int, FailureKind]:
    if not isinstance(value, dict):
        raise ValueError("must be a mapping of statuses to kinds of failure")  # noqa: TRY004 - a fault of the document
    kinds = Choice(FailureKind)
    read: dict[int, FailureKind] = {}
    for status, kind in value.items():
        # A key is a number in YAML and a text in JSON.
        text = str(status)
        number = Integer(400, 599).parse(int(text) if text.isascii() and text.isdigit() else None)
        read[number] = kinds.parse(kind)
    return read
