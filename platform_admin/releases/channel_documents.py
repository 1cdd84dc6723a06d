"""The channels a tenant can have, as its settings say them. A channel's secrets are credentials under its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flow_engine.vocabulary import JSONObject

PHONE_NUMBER_ID_PATTERN = r"^[0-9]{5,20}$"
BOT_ID_PATTERN = r"^[1-9][0-9]{4,19}$"
ORIGIN_PATTERN = r"^(https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?)$"

MAX_CHANNELS = 10
"""A small chain has a number for each shop; a bundle has room for 16."""
MAX_ORIGINS = 20
"""A business has a site or two, with and without www."""

type MetaId = Annotated[str, StringConstraints(pattern=PHONE_NUMBER_ID_PATTERN)]


class _Channel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def account(self) -> str:
        """What a runtime calls it on every stored row; no two of a tenant may be the same."""
        raise NotImplementedError

    def for_runtime(self) -> JSONObject:
        """The block of a bundle, before its secrets come in."""
        block: JSONObject = self.model_dump(mode="json", exclude_none=True)
        return block


class HttpDevChannel(_Channel):
    """Messages by plain HTTP on the runtime's own machine, for development."""

    type: Literal["http_dev"]

    @property
    def account(self) -> str:
        return "http_dev"


class WhatsAppChannel(_Channel):
    """A number of the WhatsApp Cloud API. ``waba_id`` is the account it belongs to: for templates and its alarms."""

    type: Literal["whatsapp"]
    phone_number_id: MetaId
    waba_id: MetaId | None = None

    @property
    def account(self) -> str:
        return f"whatsapp:{self.phone_number_id}"

    def for_runtime(self) -> JSONObject:
        """Without ``waba_id``, which is the control plane's own affair."""
        block: JSONObject = self.model_dump(mode="json", exclude={"waba_id"})
        return block


class TelegramChannel(_Channel):
    """A bot. Its id is the number before the colon of its token."""

    type: Literal["telegram"]
    bot_id: Annotated[str, StringConstraints(pattern=BOT_ID_PATTERN)]

    @property
    def account(self) -> str:
        return f"telegram:{self.bot_id}"


class WebChatChannel(_Channel):
    """The widget for the business's own pages, with the sites that may embed it."""

    type: Literal["web_chat"]
    allowed_origins: Annotated[
        list[Annotated[str, StringConstraints(pattern=ORIGIN_PATTERN)]], Field(max_length=MAX_ORIGINS)
    ] = Field(default_factory=list)

    @property
    def account(self) -> str:
        return "web_chat"


type Channel = HttpDevChannel | WhatsAppChannel | TelegramChannel | WebChatChannel
type Channels = Annotated[list[Annotated[Channel, Field(discriminator="type")]], Field(max_length=MAX_CHANNELS)]

CHANNEL_SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "http_dev": (),
    "whatsapp": ("access_token", "app_secret", "verify_token"),
    "telegram": ("bot_token", "webhook_secret"),
    "web_chat": ("visitor_secret",),
}
"""What has to be stored as a credential before a channel can go live, by type."""

CHANNEL_NAMES: Final[Mapping[str, str]] = {
    "http_dev": "development",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "web_chat": "web chat",
}
"""How people call them."""

PATTERNS: Final[Mapping[str, Promise]] = {
    BOT_ID_PATTERN: _("must be the digits before the colon of the bot's token"),
    ORIGIN_PATTERN: _("must be an origin such as https://www.example.com, in small letters and without a path"),
    PHONE_NUMBER_ID_PATTERN: _("must be 5 to 20 digits, as Meta shows them"),
}
