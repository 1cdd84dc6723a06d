"""What each channel would be sent for an output: its own shaping, then its own form. For developers and for the docs.

Nothing is sent and nothing is looked up. Each renderer is the one that its adapter uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.outputs.degradation import NO_WORDS, Words, shape
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.outgoing_view import content_view
from runtime.errors import SendError

PROFILES: Final[Mapping[str, str]] = {
    "whatsapp": "whatsapp",
    "telegram": "telegram",
    "web_chat": "webchat",
    "http_dev": "http_dev",
}
"""Channel type → the capability profile that its outputs are shaped for."""

_CONTACT: Final = "34600111222"
"""Stands in for whoever reads it: what a message looks like does not depend on that."""
_OUR_ID: Final = "conversation:1:0"


class ChannelViews:
    """Knows every channel's limits; made once, because they are read from files."""

    def __init__(self, language: str, words: Words = NO_WORDS) -> None:
        self._limits = read_capabilities()
        self._language = language
        self._words = words

    def show(self, channel: str, output: Output) -> JSONObject:
        """``{"channel", "messages": [as the provider gets them], "changes": [what the shaping did]}``.

        ``channel`` is a key of ``PROFILES``. What the channel would park is ``{"parked": reason}`` in its place.
        """
        outputs, changes = shape(output, self._limits[PROFILES[channel]], self._words)
        messages: list[JSON] = [self._render(channel, part) for part in outputs]
        noted: list[JSON] = [str(change.kind) for change in changes]
        return {"channel": channel, "messages": messages, "changes": noted}

    def _render(self, channel: str, output: Output) -> JSONObject:
        try:
            return _RENDERERS[channel](output, self._language)
        except SendError as error:
            return {"parked": error.detail}


def _whatsapp(output: Output, _language: str) -> JSONObject:
    from runtime.channels.whatsapp.outbound import build_message  # noqa: PLC0415 - loads the HTTP stack

    envelope = {"messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data"}
    body = build_message(output, contact_id=_CONTACT, our_id=_OUR_ID)
    return {key: value for key, value in body.items() if key not in envelope}


def _telegram(output: Output, language: str) -> JSONObject:
    from runtime.channels.telegram.outbound import render  # noqa: PLC0415 - a channel loads when it is wanted
    from runtime.channels.telegram.words import words_in  # noqa: PLC0415 - the same

    call = render(output, contact_id=_CONTACT, our_id=_OUR_ID, words=words_in(language))
    return {"method": call.method} | {key: value for key, value in call.parameters.items() if key != "chat_id"}


def _as_read(output: Output, _language: str) -> JSONObject:
    return content_view(output)


_RENDERERS: Final[Mapping[str, Callable[[Output, str], JSONObject]]] = {
    "whatsapp": _whatsapp,
    "telegram": _telegram,
    "web_chat": _as_read,
    "http_dev": _as_read,
}
