"""Which WhatsApp numbers and accounts are whose, as the tenants' settings say. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from platform_admin.releases.channel_documents import WhatsAppChannel
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one tenant. ``place`` is where its secrets are stored: ``channels.0``."""

    tenant: Tenant
    place: str
    phone_number_id: str
    waba_id: str | None

    @property
    def channel_id(self) -> str:
        """What the tenant's runtime calls it."""
        return f"whatsapp:{self.phone_number_id}"


def numbers_of(tenant: Tenant) -> list[Number]:
    """The tenant's numbers in the order of its channels; none while the settings have faults."""
    document = settings_of(tenant).document
    if document is None:
        return []
    return [
        Number(tenant, f"channels.{index}", channel.phone_number_id, channel.waba_id)
        for index, channel in enumerate(document.channels)
        if isinstance(channel, WhatsAppChannel)
    ]


def numbers_with(*, phone_number_id: str = "", waba_id: str = "") -> list[Number]:
    """Every tenant's numbers with this id, or of this account. A few hundred small rows are looked through."""
    return [
        number
        for number in _all_numbers()
        if (phone_number_id and number.phone_number_id == phone_number_id) or (waba_id and number.waba_id == waba_id)
    ]


def _all_numbers() -> Iterator[Number]:
    """Raw settings, because a webhook must find its tenant even while a draft of the settings has faults."""
    reason = "a webhook names a number, and only the settings say whose it is"
    for row in TenantSettings.objects.across_tenants(reason).select_related("tenant"):
        channels = row.channels if isinstance(row.channels, list) else []
        for index, channel in enumerate(channels):
            match channel:
                case {"type": "whatsapp", "phone_number_id": str(phone_number_id)}:
                    waba_id = channel.get("waba_id")
                    known = waba_id if isinstance(waba_id, str) else None
                    yield Number(row.tenant, f"channels.{index}", phone_number_id, known)
                case _:
                    continue
