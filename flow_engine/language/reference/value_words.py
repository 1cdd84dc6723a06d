"""What a key holds, in words: the types of the models as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, JsonValue, PlainValidator
from pydantic.fields import FieldInfo

_BY_ALIAS: Final[Mapping[str, str]] = {
    "Name": "name",
    "StateName": "name of a state",
    "FlowName": "name of a sub-flow",
    "Target": "target",
    "DataName": "name in data",
    "DataPath": "name in data, with dots",
    "Payload": "id",
    "Text": "text",
    "LocalisedText": "text by language",
    "LanguageTag": "language",
    "Keywords": "words",
    "Keyword": "word",
    "Expression": "condition",
    "Flag": "true or false",
    "Duration": "duration",
    "Clock": "time of day",
    "Seconds": "seconds",
    "Degrees": "degrees",
    "TemplateName": "name of a template",
    "Bound": "number or text",
    "Actions": "list of actions",
    "Transitions": "list of transitions",
    "JsonValue": "any value",
    "JSON": "any value",
}
_BY_CLASS: Final[Mapping[type, str]] = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_MOST_VALUES: Final = 8
"""Values of an enumeration that are listed in a table; a longer list stands in the text."""


def value_words(field: FieldInfo) -> str:
    """What ``field`` holds. A validator that reads another form says which with ``json_schema_input_type``."""
    for extra in field.metadata:
        if isinstance(extra, BeforeValidator | PlainValidator) and isinstance(extra.json_schema_input_type, object):
            written = _words(extra.json_schema_input_type)
            if written:
                return written
    return _words(field.annotation)


def _words(annotation: Any) -> str:  # noqa: ANN401  # annotations are objects of many unrelated classes
    if annotation is JsonValue:
        return "any value"
    if isinstance(annotation, TypeAliasType):
        return _BY_ALIAS.get(annotation.__name__) or _words(annotation.__value__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(origin, TypeAliasType):
        return _words(origin)
    if origin is Annotated:
        return _words(arguments[0])
    if origin in (Union, UnionType):
        words = [_words(argument) for argument in arguments if argument is not NoneType]
        return " or ".join(dict.fromkeys(words))
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (tuple, list):
        return f"list: {_words(arguments[0])}"
    if origin is dict:
        return f"mapping: {_words(arguments[0])} → {_words(arguments[1])}"
    return _of_class(annotation)


def _of_class(annotation: Any) -> str:  # noqa: ANN401  # as above
    if not isinstance(annotation, type):
        return ""
    if issubclass(annotation, Enum):
        values = [f"`{member.value}`" for member in annotation]
        return ", ".join(values) if len(values) <= _MOST_VALUES else "one of the kinds below"
    if issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _BY_CLASS.get(annotation, annotation.__name__)
