"""``ChannelServices``: what a channel may use of the runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from runtime.outreach import ApprovedTemplates
from runtime.ports.clock import Clock
from runtime.ports.contact_store import ContactStore
from runtime.ports.inbox import InboundIntake
from runtime.ports.outgoing_messages import OutgoingMessages
from runtime.ports.upload_store import UploadStore
from runtime.web.client_address import Network

DEFAULT_LANGUAGE: Final = "en"
"""Until a release says which one its bot speaks."""


@dataclass(frozen=True, slots=True)
class ChannelServices:
    """``contacts`` and ``uploads`` are what a channel may know of customers and of files that it holds already.

    ``templates`` are the approved ones of the release; ``egress`` is where addresses that a tenant wrote may lead.
    ``graph_*`` and ``telegram_base_url`` of ``None`` leave the clients' own defaults.

    ``trusted_proxies`` may say whose request they hand on. ``stopping`` is set when the process begins to stop:
    requests that only wait are answered then.
    """

    intake: InboundIntake
    outgoing: OutgoingMessages
    contacts: ContactStore
    uploads: UploadStore
    clock: Clock
    tenant_id: str
    business_name: str
    language: str = DEFAULT_LANGUAGE
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    http_dev_allow_remote: bool = False
    graph_base_url: str | None = None
    graph_version: str | None = None
    telegram_base_url: str | None = None
    trusted_proxies: Sequence[Network] = ()
    templates: ApprovedTemplates | None = None
    egress: EgressPolicy = PUBLIC_ONLY

    def speaking(self, language: str, *, as_business: str) -> ChannelServices:
        """The same for a release in which the business calls itself so and the bot speaks that language."""
        return replace(self, business_name=as_business, language=language)

    def knowing(self, templates: ApprovedTemplates | None) -> ChannelServices:
        """The same for a release to which these templates belong; ``None``: nobody looked which ones are approved."""
        return replace(self, templates=templates)
