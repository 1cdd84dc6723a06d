"""One message of the bot as a person sees it, whatever kind of output it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from flow_engine.outputs.codec import encode_output
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Option, Output
from flow_engine.vocabulary import JSON, JSONObject

_TEXT_KEYS = ("body", "text", "caption", "name", "emoji")
"""Where the different outputs keep their words, first come first served."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """``type`` is the kind of output (``text``, ``buttons``, ``option_list``…); ``details`` its other fields."""

    type: str
    text: str
    options: tuple[Option, ...] = ()
    details: JSONObject = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(option.title for option in self.options)


def bubble_of(output: Output) -> Bubble:
    encoded = encode_output(output)
    kind = str(encoded.pop("kind"))
    words: JSON = next((encoded[key] for key in _TEXT_KEYS if encoded.get(key)), "")
    details = {key: value for key, value in encoded.items() if not isinstance(value, list) or kind == "template"}
    return Bubble(kind, str(words), tuple(options_of(output)), details)
