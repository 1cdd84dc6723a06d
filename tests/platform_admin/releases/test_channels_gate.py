"""Which channels may go out together, and what each has to have stored first."""

from __future__ import annotations

import asyncio

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.actions import set_credential
from platform_admin.releases.actions import check_release, publish
from platform_admin.releases.channel_documents import CHANNEL_NAMES, CHANNEL_SECRETS
from platform_admin.releases.models import Release
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant
from runtime.channels.factory import CHANNEL_TYPES, build_channels
from tests.platform_admin.business import COMMAND, sources
from tests.runtime.channels.test_factory import services

pytestmark = pytest.mark.django_db

ALL = """\
channels:
  - {type: whatsapp, phone_number_id: "1234567890", waba_id: "9876543210"}
  - {type: whatsapp, phone_number_id: "2234567890"}
  - {type: telegram, bot_id: "123456789"}
  - {type: web_chat, allowed_origins: ["https://www.luna.example"]}
  - {type: http_dev}
"""
SECRETS = {
    "channels.0.access_token": "EAA0",
    "channels.0.app_secret": "secret",
    "channels.0.verify_token": "word",
    "channels.1.access_token": "EAA1",
    "channels.1.app_secret": "secret",
    "channels.1.verify_token": "word",
    "channels.2.bot_token": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "channels.2.webhook_secret": "a-secret-of-the-webhook",
    "channels.3.visitor_secret": "0123456789abcdef0123456789abcdef",
}


def faults(tenant: Tenant, settings: str) -> list[str]:
    report = check_release(tenant=tenant, by=COMMAND, sources=sources(settings=settings))
    return [f"{fault.code} {fault.message}" for fault in report.faults]


def test_every_secret_of_every_channel_is_asked_for(luna: Tenant) -> None:
    found = faults(luna, ALL)
    assert [line.rpartition(" ")[2].rstrip(".") for line in found] == list(SECRETS)
    assert found[0] == "S203 The WhatsApp channel needs channels.0.access_token."
    assert found[-1] == "S203 The web chat channel needs channels.3.visitor_secret."
    assert not Release.objects.for_tenant(luna).exists()


def test_what_goes_out_is_what_the_runtime_builds(luna: Tenant) -> None:
    for field, value in SECRETS.items():
        set_credential(tenant=luna, field=field, value=value, by=COMMAND)
    publish(tenant=luna, by=COMMAND, sources=sources(settings=ALL))
    document = settings_of(luna).document
    assert document is not None
    blocks = document.channel_blocks()
    for field, value in SECRETS.items():
        _, index, name = field.split(".")
        blocks[int(index)][name] = value
    assert asyncio.run(built_accounts(blocks)) == [
        "whatsapp:1234567890",
        "whatsapp:2234567890",
        "telegram:123456789",
        "web_chat",
        "http_dev",
    ]
    assert [channel.account for channel in document.channels] == asyncio.run(built_accounts(blocks))


async def built_accounts(blocks: list[JSONObject]) -> list[str]:
    built = build_channels(blocks, services())
    for adapter in built.adapters:
        await adapter.close()
    return [adapter.channel_id for adapter in built.adapters]


@pytest.mark.parametrize(
    "twice",
    [
        "channels: [{type: http_dev}, {type: http_dev}]\n",
        "channels: [{type: telegram, bot_id: '123456789'}, {type: telegram, bot_id: '123456789'}]\n",
    ],
)
def test_the_same_account_twice_is_refused(luna: Tenant, twice: str) -> None:
    assert next(line for line in faults(luna, twice) if line.startswith("S214")).endswith("is there twice.")


def test_both_planes_know_the_same_channels() -> None:
    assert set(CHANNEL_SECRETS) == set(CHANNEL_NAMES) == set(CHANNEL_TYPES)
