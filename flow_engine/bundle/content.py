"""What a bundle says, as frozen values: format 1 of the payload.

Shapes are checked here; whether the program compiles is for ``flow_engine.program``. In every format ``tenant`` and
``serial`` keep their names and places, so that audience and order can be judged before the rest is understood.

A field that this program does not know is passed over: a newer control plane may say more than an older runtime
understands. What an older runtime must not skip raises ``format`` (docs/adr/0004-bundle-format.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flow_engine.bundle.errors import MalformedError, UnsupportedFormatError
from flow_engine.bundle.limits import MAX_CHANNELS, MAX_SECRETS
from flow_engine.bundle.retention import Retention, read_retention
from flow_engine.bundle.rollout import InFlight, read_people_in_flight, read_staged
from flow_engine.vocabulary import JSON, JSONObject

FORMAT: Final = 1

_KEYS: Final = frozenset(
    {"format", "tenant", "serial", "created", "program", "knowledge"}
    | {"settings", "channels", "connectors", "llm", "secrets"}
)

OPTIONAL_BLOCKS: Final = ("templates", "limits", "opt_out", "handoff", "prices")
"""Blocks whose shape belongs to the part of the runtime that uses them; absent means that the feature is off."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The business's own FAQ document. ``version`` is ``v1``, ``v2`` and so on."""

    version: str
    markdown: str


@dataclass(frozen=True, slots=True)
class BundleSettings:
    """Time zone (IANA name), language (BCP 47), canned sentences by key, and free facts about the business."""

    timezone: str
    language: str
    sentences: Mapping[str, str]
    business: JSONObject


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """Whether free questions are answered, by whom, from which knowledge version, up to how many tokens a month.

    ``questions_per_contact_per_day`` is how many one customer may ask. ``keyword_answers``: where nobody can be asked,
    a block of the document that has the question's words is quoted before the safe sentence is said.
    """

    enabled: bool
    provider: str | None
    knowledge_version: str | None
    quota_monthly_tokens: int | None
    questions_per_contact_per_day: int | None = None
    keyword_answers: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """One opened release. ``digest`` is the SHA-256 (hex) of the payload bytes, ``keyid`` who signed them.

    ``secrets`` maps dotted paths into the payload to Fernet tokens; see ``secret_binding`` for what is inside.
    ``staged`` is ``None`` for a release that is for everybody, else the contacts it is tried on. ``more`` holds the
    optional blocks that other parts of a runtime read for themselves (``OPTIONAL_BLOCKS``), where they are given.
    """

    tenant: str
    serial: int
    created: datetime
    program: JSONObject
    knowledge: Knowledge | None
    settings: BundleSettings
    channels: tuple[JSONObject, ...]
    connectors: Mapping[str, JSONObject]
    llm: LLMSettings
    secrets: Mapping[str, str]
    digest: str
    keyid: str
    staged: frozenset[str] | None = None
    people_in_flight: Mapping[str, InFlight] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    more: JSONObject = field(default_factory=dict)


def audience_and_serial(payload: JSON) -> tuple[str, int]:
    """For whom the payload was made and its place in that tenant's order. Raises ``MalformedError``."""
    fields = _object(payload, "the payload")
    serial = fields.get("serial")
    if not isinstance(serial, int) or isinstance(serial, bool) or serial < 1:
        raise MalformedError("serial must be an integer from 1 up.")
    return _text(fields.get("tenant"), "tenant"), serial


def read_content(payload: JSON, *, digest: str, keyid: str) -> Bundle:
    """The whole payload as values. Raises ``UnsupportedFormatError`` or ``MalformedError``."""
    tenant, serial = audience_and_serial(payload)
    fields = _object(payload, "the payload")
    if fields.get("format") != FORMAT or isinstance(fields.get("format"), bool):
        raise UnsupportedFormatError(f"The bundle has format {fields.get('format')!r}; this program reads {FORMAT}.")
    _all_keys(fields, _KEYS, "the payload")
    return Bundle(
        tenant=tenant,
        serial=serial,
        created=_utc(fields["created"]),
        program=_object(fields["program"], "program"),
        knowledge=_knowledge(fields["knowledge"]),
        settings=_settings(fields["settings"]),
        channels=_channels(fields["channels"]),
        connectors=_connectors(fields["connectors"]),
        llm=_llm(fields["llm"]),
        secrets=_secrets(fields["secrets"]),
        digest=digest,
        keyid=keyid,
        staged=read_staged(fields.get("staged")),
        people_in_flight=read_people_in_flight(fields.get("people_in_flight")),
        retention=read_retention(fields.get("retention")),
        more={name: fields[name] for name in OPTIONAL_BLOCKS if fields.get(name) is not None},
    )


def _knowledge(value: JSON) -> Knowledge | None:
    if value is None:
        return None
    fields = _all_keys(_object(value, "knowledge"), {"version", "markdown"}, "knowledge")
    return Knowledge(
        version=_text(fields["version"], "knowledge.version"),
        markdown=_text(fields["markdown"], "knowledge.markdown"),
    )


def _settings(value: JSON) -> BundleSettings:
    fields = _all_keys(_object(value, "settings"), {"timezone", "language", "sentences", "business"}, "settings")
    return BundleSettings(
        timezone=_text(fields["timezone"], "settings.timezone"),
        language=_text(fields["language"], "settings.language"),
        sentences=_texts(fields["sentences"], "settings.sentences"),
        business=_object(fields["business"], "settings.business"),
    )


def _channels(value: JSON) -> tuple[JSONObject, ...]:
    if not isinstance(value, list) or len(value) > MAX_CHANNELS:
        raise MalformedError(f"channels must be a list of at most {MAX_CHANNELS}.")
    return tuple(_typed_object(item, f"channels.{index}") for index, item in enumerate(value))


def _connectors(value: JSON) -> dict[str, JSONObject]:
    fields = _object(value, "connectors")
    return {category: _typed_object(item, f"connectors.{category}") for category, item in fields.items()}


def _llm(value: JSON) -> LLMSettings:
    names = {"enabled", "provider", "knowledge_version", "quota_monthly_tokens"}
    fields = _all_keys(_object(value, "llm"), names, "llm")
    enabled, keyword_answers = fields["enabled"], fields.get("keyword_answers", False)
    if not isinstance(enabled, bool) or not isinstance(keyword_answers, bool):
        raise MalformedError("llm.enabled and llm.keyword_answers must be true or false.")
    return LLMSettings(
        enabled=enabled,
        provider=_optional_text(fields["provider"], "llm.provider"),
        knowledge_version=_optional_text(fields["knowledge_version"], "llm.knowledge_version"),
        quota_monthly_tokens=_optional_count(fields["quota_monthly_tokens"], "llm.quota_monthly_tokens"),
        questions_per_contact_per_day=_optional_count(
            fields.get("questions_per_contact_per_day"), "llm.questions_per_contact_per_day"
        ),
        keyword_answers=keyword_answers,
    )


def _secrets(value: JSON) -> dict[str, str]:
    secrets = _texts(value, "secrets")
    if len(secrets) > MAX_SECRETS:
        raise MalformedError(f"secrets has {len(secrets)} entries, {MAX_SECRETS} are allowed.")
    return secrets


def _utc(value: JSON) -> datetime:
    try:
        created = datetime.fromisoformat(_text(value, "created"))
    except ValueError as error:
        raise MalformedError("created must be an ISO 8601 time.") from error
    if created.utcoffset() != timedelta(0):
        raise MalformedError("created must be in UTC.")
    return created


def _typed_object(value: JSON, name: str) -> JSONObject:
    fields = _object(value, name)
    _text(fields.get("type"), f"{name}.type")
    return fields


def _object(value: JSON, name: str) -> JSONObject:
    if not isinstance(value, dict):
        raise MalformedError(f"{name} must be an object.")
    return value


def _all_keys(fields: JSONObject, keys: frozenset[str] | set[str], name: str) -> JSONObject:
    missing = sorted(keys.difference(fields))
    if missing:
        raise MalformedError(f"{name} has missing keys: {', '.join(missing)}.")
    return fields


def _texts(value: JSON, name: str) -> dict[str, str]:
    return {key: _text(item, f"{name}.{key}") for key, item in _object(value, name).items()}


def _optional_count(value: JSON, name: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedError(f"{name} must be an integer from 0 up, or null.")
    return value


def _optional_text(value: JSON, name: str) -> str | None:
    return None if value is None else _text(value, name)


def _text(value: JSON, name: str) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"{name} must be a text.")
    return value
