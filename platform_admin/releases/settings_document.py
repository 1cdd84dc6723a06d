"""The shape of a tenant's settings: as a file for ``publish --settings`` and as the columns of ``TenantSettings``.

::

    channels:   [{type: whatsapp, phone_number_id: "1234567890", waba_id: "9876543210"}, {type: telegram, bot_id: "…"},
                 {type: web_chat, allowed_origins: ["https://www.example.com"]}, {type: http_dev}]
    connectors: {calendar: {type: mock_calendar, ...}}
    llm:        {enabled: true, provider: anthropic, quota_monthly_tokens: 500000}
    sentences:  {out_of_scope: "..."}
    business:   {name: "...", phone: "...", hours: {mon: ["10:00-14:00"]}, services: [...]}
    policies:   {retention: {messages_days: 365}, limits: {loop_messages: 20}, opt_out: {words: {es: [baja]}},
                 handoff: {resume_after_minutes: 240}}

``business`` is kept and versioned on its own (``platform_admin.business``). Secrets do not belong here; they are stored
as credentials under their dotted path.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, StrictInt, StringConstraints

from flow_engine.bundle.retention import (
    LONGEST_COPIES_DAYS,
    LONGEST_DAYS,
    SHORTEST_COPIES_DAYS,
    SHORTEST_INBOX_DAYS,
)
from flow_engine.vocabulary import JSONObject
from platform_admin.business.document import BusinessDocument
from platform_admin.releases.channel_documents import Channels
from platform_admin.releases.policy_documents import HandoffShape, LimitsShape, OptOutShape, shaped_as
from platform_admin.tenants.retention import HERE_ALONE

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
VERSION_PATTERN = r"^v[1-9][0-9]{0,8}$"

type Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
type Days = Annotated[StrictInt, Field(ge=1, le=LONGEST_DAYS)]
type Sentence = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
"""WhatsApp shows 1024 characters of a body under buttons; a canned sentence must fit anywhere."""


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConnectorBinding(BaseModel):
    """Which implementation serves a category; every other key is that implementation's own."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    type: Name


class LLMBinding(_Document):
    """Free questions. A null quota means no limit, a null ``knowledge_version`` the text as written now.

    Fifty questions a day are more than any customer has, and few enough that nobody empties a month in an evening.
    """

    enabled: StrictBool = False
    provider: Name | None = None
    quota_monthly_tokens: Annotated[StrictInt, Field(ge=0)] | None = None
    questions_per_contact_per_day: Annotated[StrictInt, Field(ge=0)] | None = 50
    keyword_answers: StrictBool = False
    knowledge_version: Annotated[str, StringConstraints(pattern=VERSION_PATTERN)] | None = None


class RetentionPolicy(_Document):
    """Days that the runtime and the control plane keep each class of data; absent means their default.

    The bounds are those of ``tenants.retention.CLASSES``.
    """

    messages_days: Days | None = None
    media_days: Days | None = None
    turns_days: Days | None = None
    inbox_days: Annotated[StrictInt, Field(ge=SHORTEST_INBOX_DAYS, le=LONGEST_DAYS)] | None = None
    dead_letters_days: Days | None = None
    copies_days: Annotated[StrictInt, Field(ge=SHORTEST_COPIES_DAYS, le=LONGEST_COPIES_DAYS)] | None = None
    questions_days: Annotated[StrictInt, Field(ge=1, le=800)] | None = None
    reports_days: Annotated[StrictInt, Field(ge=8, le=60)] | None = None
    audit_personal_days: Annotated[StrictInt, Field(ge=30, le=LONGEST_DAYS)] | None = None
    exports_days: Annotated[StrictInt, Field(ge=1, le=7)] | None = None


class Policies(_Document):
    """How the runtime treats people and their data. The last three travel as they are written."""

    retention: RetentionPolicy = RetentionPolicy()
    limits: Annotated[dict[Name, JsonValue], shaped_as(LimitsShape)] = Field(default_factory=dict)
    opt_out: Annotated[dict[Name, JsonValue], shaped_as(OptOutShape)] = Field(default_factory=dict)
    handoff: Annotated[dict[Name, JsonValue], shaped_as(HandoffShape)] = Field(default_factory=dict)

    def blocks(self) -> dict[str, JsonValue]:
        """What of it a bundle carries: only what was set."""
        plain = self.model_dump(mode="json", exclude_none=True, exclude={"retention": set(HERE_ALONE)})
        return {name: block for name, block in plain.items() if block}


class SettingsDocument(_Document):
    """Everything at once. Absent parts are empty."""

    channels: Channels = Field(default_factory=list)
    connectors: dict[Name, ConnectorBinding] = Field(default_factory=dict)
    llm: LLMBinding = LLMBinding()
    sentences: dict[Name, Sentence] = Field(default_factory=dict)
    policies: Policies = Policies()
    business: BusinessDocument = BusinessDocument()

    def channel_blocks(self) -> list[JSONObject]:
        """The channels as a bundle carries them."""
        return [channel.for_runtime() for channel in self.channels]

    def connector_blocks(self) -> dict[str, dict[str, JsonValue]]:
        """The connectors in plain JSON; naming ``llm.provider`` binds it, so that its key has a place."""
        blocks = {category: block.model_dump(mode="json") for category, block in self.connectors.items()}
        if self.llm.provider is not None:
            blocks.setdefault("llm", {"type": self.llm.provider})
        return blocks
