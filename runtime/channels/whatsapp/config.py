"""A WhatsApp channel as a tenant's configuration describes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError

PHONE_NUMBER_ID_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # digits at Meta; it becomes part of a URL's path
HEADER_VALUE_SHAPE: Final = re.compile(r"[\x21-\x7e]+")  # the token travels in an HTTP header


@dataclass(frozen=True, slots=True)
class WhatsAppChannelConfig:
    """One phone number. Field names are the configuration's keys (beside ``type: whatsapp``).

    ``phone_number_id`` is Meta's id of the number, not the number itself. ``app_secret`` signs what Meta
    sends to us, ``verify_token`` answers its handshake, ``access_token`` pays our way to the Graph API.
    """

    phone_number_id: str
    access_token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)

    @property
    def channel_id(self) -> str:
        """The key of this account on every stored row."""
        return f"whatsapp:{self.phone_number_id}"


def parse_whatsapp_channel(raw: Mapping[str, JSON], *, location: str = "channel") -> WhatsAppChannelConfig:
    """Read a channel block. ``location`` leads every complaint: ``channel``, ``channels.0``.

    Raises:
        ConfigurationError: names every faulty key at once, and no value.
    """
    values: dict[str, str] = {}
    problems: list[str] = []
    if raw.get("type") != "whatsapp":
        problems.append(f"{location}.type: must be 'whatsapp' here")
    for key, is_usable in KEYS.items():
        value = raw.get(key)
        if key not in raw:
            problems.append(f"{location}.{key}: missing; {HINTS[key]}")
        elif not isinstance(value, str):
            problems.append(f"{location}.{key}: must be text; put the value in quotes")
        elif not is_usable(value):
            problems.append(f"{location}.{key}: not usable; {HINTS[key]}")
        else:
            values[key] = value
    known = ["type", *KEYS]
    problems += [
        f"{location}.{key}: unknown key; a whatsapp channel has {', '.join(known)}" for key in raw if key not in known
    ]
    if problems:
        raise ConfigurationError(problems)
    return WhatsAppChannelConfig(**values)


def _is_phone_number_id(value: str) -> bool:
    return PHONE_NUMBER_ID_SHAPE.fullmatch(value) is not None


def _is_header_value(value: str) -> bool:
    return HEADER_VALUE_SHAPE.fullmatch(value) is not None


def _is_filled(value: str) -> bool:
    return bool(value.strip())


KEYS: Final[dict[str, Callable[[str], bool]]] = {
    "phone_number_id": _is_phone_number_id,
    "access_token": _is_header_value,
    "app_secret": _is_filled,
    "verify_token": _is_filled,
}
HINTS: Final = {
    "phone_number_id": "copy the phone number ID (digits only) from the app's WhatsApp set-up page",
    "access_token": "create a system user token with whatsapp_business_messaging; no blanks or line breaks",
    "app_secret": "copy the app secret from the app's basic settings",
    "verify_token": "choose any word and enter the same one where the webhook is configured",
}
if set(KEYS) != {item.name for item in fields(WhatsAppChannelConfig)} or set(KEYS) != set(HINTS):
    raise AssertionError("the keys of a whatsapp channel are listed in three places that disagree")
