"""A provider's configuration as one frozen dataclass: read from a block, and described as JSON Schema.

Each field is a key of the block and is annotated with what it may hold::

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ShopConfig:
        base_url: Annotated[str, option(HttpsAddress(), Words("Address of the shop", "Dirección de la tienda"))]
        timeout_min: Annotated[int, option(Integer(1, 60), Words("…", "…"))] = 15

A field without a default must be given. The schema is generated, committed beside the class and compared by
a test, so that the control plane builds its forms without importing a provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_type_hints

from connectors.kernel.config_reader import ConfigReader
from connectors.kernel.option_kinds import Kind
from connectors.plain_json import JSON, JSONObject
from connectors.words import Words

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Option:
    """What a form shows and a reader checks. ``example`` is shown where the field is empty."""

    kind: Kind[Any]
    title: Words
    help: Words | None = None
    example: JSON = None

    @property
    def secret(self) -> bool:
        return self.kind.schema().get("writeOnly") is True

    def schema(self) -> JSONObject:
        described: JSONObject = {**self.kind.schema(), "title": self.title.en, "x-title-es": self.title.es}
        if self.help is not None:
            described |= {"description": self.help.en, "x-description-es": self.help.es}
        if self.example is not None:
            described["examples"] = [self.example]
        return described


def option(kind: Kind[Any], title: Words, help: Words | None = None, *, example: JSON = None) -> Option:  # noqa: A002 - the word of the form
    """The annotation of a field."""
    return Option(kind, title, help, example)


def options_of(config: type[DataclassInstance]) -> dict[str, Option]:
    """The options of a configuration by key, in order. Raises ``TypeError`` for a field that has none."""
    hints = get_type_hints(config, include_extras=True)
    found: dict[str, Option] = {}
    for field in fields(config):
        described = [item for item in getattr(hints[field.name], "__metadata__", ()) if isinstance(item, Option)]
        if len(described) != 1:
            raise TypeError(f"{config.__name__}.{field.name} must be annotated with one option")
        found[field.name] = described[0]
    return found


def read_options[C: DataclassInstance](config: type[C], block: Mapping[str, JSON], path: str) -> C:
    """``block`` as a ``config``. Raises ``ConnectorConfigError`` with every fault and its path."""
    reader = ConfigReader(block, path)
    values = take_options(config, reader)
    reader.finish()
    return config(**values)


def take_options(config: type[DataclassInstance], reader: ConfigReader) -> dict[str, Any]:
    """The values of the fields; faults stay with ``reader``, whose ``finish`` raises them."""
    absent = object()
    values: dict[str, Any] = {}
    needed = _required(config)
    for key, described in options_of(config).items():
        before = len(reader.problems)
        value = reader.take_parsed(key, described.kind.parse, absent)
        if value is not absent:
            values[key] = value
        elif key in needed and len(reader.problems) == before:
            place = f"; store it as the credential {reader.path}.{key}" if described.secret else ""
            reader.fault(key, f"is missing{place}")
    return values


def schema_of(config: type[DataclassInstance] | None, type_name: str, title: Words) -> JSONObject:
    """The JSON Schema of a whole block of ``type_name``; ``None`` stands for a provider without options."""
    properties: JSONObject = {"type": {"const": type_name}}
    required: list[JSON] = ["type"]
    if config is not None:
        defaults, needed = {field.name: field.default for field in fields(config)}, _required(config)
        for key, described in options_of(config).items():
            schema = described.schema()
            default = _plain(defaults[key])
            if key in needed:
                required.append(key)
            elif default not in (None, ""):
                schema["default"] = default
            properties[key] = schema
    return {
        "$schema": SCHEMA_DIALECT,
        "title": title.en,
        "x-title-es": title.es,
        "type": "object",
        "properties": {**properties, "policy": {"type": "object", "title": "Limits", "x-title-es": "Límites"}},
        "required": required,
        "additionalProperties": False,
    }


def _required(config: type[DataclassInstance]) -> frozenset[str]:
    return frozenset(
        field.name for field in fields(config) if field.default is MISSING and field.default_factory is MISSING
    )


def _plain(value: object) -> JSON:
    """A default as it would stand in the block; ``None`` where it has no such form."""
    match value:
        case StrEnum():
            return value.value
        case bool() | int() | float() | str():
            return value
        case _:
            return None
