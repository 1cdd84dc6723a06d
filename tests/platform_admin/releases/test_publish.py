from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from flow_engine.bundle import Bundle, open_bundle
from flow_engine.bundle.signing import SigningKey
from flow_engine.diagnostics import Severity
from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential
from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.credentials.vault import Vault
from platform_admin.errors import HasFaultsError, NotAllowedError, NotThereError
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS, KnowledgeDocument, KnowledgeVersion
from platform_admin.observability.models import RuntimeSighting
from platform_admin.releases import actions
from platform_admin.releases.models import Release, TenantSettings
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, CALENDAR_FLOW, COMMAND, FLOW, KNOWLEDGE, sources

pytestmark = pytest.mark.django_db

WITH_CALENDAR = "channels: [{type: http_dev}]\nconnectors: {calendar: {type: mock_calendar}}\n"
WHATSAPP = 'channels: [{type: whatsapp, phone_number_id: "1234567890"}]\n'
WITH_LLM = (
    "channels: [{type: http_dev}]\nllm: {enabled: true, provider: mock_llm}\nconnectors: {llm: {type: mock_llm}}\n"
)


def opened(release: Release) -> Bundle:
    """As a runtime opens it."""
    public_key = SigningKey.from_pem(settings.SIGNING_KEY_FILE.read_bytes()).public_key
    return open_bundle(
        bytes(release.envelope),
        public_keys=[public_key],
        tenant=release.tenant.slug,
        floor_serial=0,
        floor_digest=None,
    )


def everything(tenant: Tenant) -> dict[str, list[Any]]:
    """What a refused publish must leave as it was."""
    models = (Flow, FlowDraft, FlowVersion, KnowledgeDocument, KnowledgeVersion, TenantSettings, Release)
    rows = {model.__name__: list(model.objects.for_tenant(tenant).order_by("pk").values()) for model in models}
    return {**rows, "audit": list(AuditEntry.objects.values())}


def codes(error: HasFaultsError) -> list[str]:
    return [fault.code for fault in error.faults if fault.severity is Severity.ERROR]


def test_a_release_carries_what_was_written(luna: Tenant) -> None:
    release = actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE, settings=WITH_LLM))
    bundle = opened(release)
    assert (bundle.tenant, bundle.serial, bundle.digest) == ("luna", 1, release.digest)
    assert bundle.program == release.flow_version.program
    assert bundle.knowledge is not None
    assert (bundle.knowledge.version, bundle.knowledge.markdown) == ("v1", KNOWLEDGE)
    assert (bundle.settings.timezone, bundle.settings.language) == ("Europe/Madrid", "es")
    assert bundle.channels == ({"type": "http_dev"},)
    assert (bundle.llm.enabled, bundle.llm.provider, bundle.llm.knowledge_version) == (True, "mock_llm", "v1")
    assert bundle.secrets == {}


def test_serials_count_up_per_tenant(luna: Tenant, sol: Tenant) -> None:
    serials = [
        actions.publish(tenant=tenant, by=COMMAND, sources=sources()).serial for tenant in (luna, sol, luna, luna, sol)
    ]
    assert serials == [1, 1, 2, 3, 2]


@pytest.mark.parametrize(("running", "expected"), [(None, 2), (1, 2), (7, 8), (1_001, 1_002), (1_002, 2)])
def test_after_a_restore_the_serial_passes_what_the_runtime_remembers(
    running: int | None, expected: int, luna: Tenant
) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    RuntimeSighting.objects.create(tenant=luna, serial=running)
    assert actions.publish(tenant=luna, by=COMMAND).serial == expected


def test_publishing_unchanged_drafts_pins_the_same_versions(luna: Tenant) -> None:
    first = actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    second = actions.publish(tenant=luna, by=COMMAND)
    assert second.serial == 2
    assert (second.flow_version, second.knowledge_version) == (first.flow_version, first.knowledge_version)


def test_without_knowledge_the_bundle_has_none(luna: Tenant) -> None:
    assert opened(actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge="  \n"))).knowledge is None


def test_an_asked_for_knowledge_version_is_the_one_pinned(luna: Tenant) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge="first"))
    actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge="second"))
    asking = "channels: [{type: http_dev}]\nllm: {knowledge_version: v1}\n"
    bundle = opened(actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=asking)))
    assert bundle.knowledge is not None
    assert (bundle.knowledge.version, bundle.knowledge.markdown) == ("v1", "first")


def test_secrets_travel_under_the_tenants_own_key(luna: Tenant) -> None:
    for name in ("access_token", "app_secret", "verify_token"):
        set_credential(tenant=luna, field=f"channels.0.{name}", value=f"canary {name}", by=COMMAND)
    release = actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=WHATSAPP))
    assert sorted(opened(release).secrets) == [
        "channels.0.access_token",
        "channels.0.app_secret",
        "channels.0.verify_token",
    ]
    assert b"canary" not in bytes(release.envelope)


HTTP_DEV = "channels: [{type: http_dev}]\n"
NO_CHANNEL = "channels: []\n"

REFUSALS: list[tuple[str, Sources, list[str]]] = [
    ("no flow at all", Sources(), ["S208"]),
    ("a flow with faults", sources(BROKEN_FLOW), ["F020", "F101"]),
    ("a flow that is not YAML, and settings with faults", sources("id: [", settings="chanels: []\n"), ["F003", "S101"]),
    ("settings with two faults", sources(settings="channels: [{type: fax}]\nllm: {enabled: 1}\n"), ["S103", "S103"]),
    ("a connector nobody set up", sources(CALENDAR_FLOW), ["S201"]),
    ("an unknown connector type", sources(settings=WITH_CALENDAR.replace("mock_calendar", "tarot")), ["S202"]),
    (
        "notice that no calendar knows",
        sources(settings=WITH_CALENDAR + "business: {lead_time_min: soon}\n"),
        ["S202"],
    ),
    ("WhatsApp without its secrets", sources(settings=WHATSAPP), ["S203", "S203", "S203"]),
    ("free questions without knowledge", sources(settings=WITH_LLM), ["S205"]),
    ("free questions without anything", sources(settings=HTTP_DEV + "llm: {enabled: true}\n"), ["S205", "S205"]),
    ("a knowledge version that never was", sources(settings=HTTP_DEV + "llm: {knowledge_version: v9}\n"), ["S205"]),
    ("a knowledge document too long to fit", sources(knowledge="x" * (MAX_MARKDOWN_CHARACTERS + 1)), ["S210"]),
    ("a flow too long to fit", sources("#" * 2**20), ["F002"]),
    ("no channel", sources(settings=NO_CHANNEL), ["S206"]),
    ("faults inside and around the flow", sources(BROKEN_FLOW, settings=NO_CHANNEL), ["F020", "F101", "S206"]),
]


@pytest.mark.parametrize(("case", "given", "expected"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_what_has_faults_is_refused_with_all_of_them_and_changes_nothing(
    case: str, given: Sources, expected: list[str], luna: Tenant
) -> None:
    before = everything(luna)
    with pytest.raises(HasFaultsError) as caught:
        actions.publish(tenant=luna, by=COMMAND, sources=given)
    assert codes(caught.value) == expected
    assert everything(luna) == before


PLACES: list[tuple[str, str, str]] = [
    ("connectors:\n  calendar:\n    type: tarot\nchannels: [{type: http_dev}]\n", "s.yaml:3:5 S202", FLOW),
    ("channels: [{type: http_dev}]\nconnectors: {}\n", "s.yaml:2:1 S201", CALENDAR_FLOW),
    ("business: {}\nchannels: []\n", "s.yaml:2:1 S206", FLOW),
    ("channels:\n  - type: whatsapp\n    phone_number_id: '12345'\n", "s.yaml:2:5 S203", FLOW),
    ("channels: [{type: http_dev}]\nllm:\n  enabled: true\n  provider: mock_llm\n", "s.yaml:3:3 S205", FLOW),
    ("channels: [{type: http_dev}]\nllm:\n  knowledge_version: v9\n", "s.yaml:3:3 S205", FLOW),
]


@pytest.mark.parametrize(("settings", "place", "flow"), PLACES, ids=[row[1] for row in PLACES])
def test_a_fault_of_the_parts_together_stands_where_the_settings_say_so(
    settings: str, place: str, flow: str, luna: Tenant
) -> None:
    given = Sources(flow=SourceText(flow, "f.yaml"), settings=SourceText(settings, "s.yaml"))
    with pytest.raises(HasFaultsError) as caught:
        actions.publish(tenant=luna, by=COMMAND, sources=given)
    assert {str(fault).partition(" ")[0] + " " + fault.code for fault in caught.value.faults} == {place}


ASK_ANTHROPIC = "channels: [{type: http_dev}]\nllm: {enabled: true, provider: anthropic}\n"


def test_naming_a_provider_and_storing_its_key_is_all_that_answers_need(luna: Tenant) -> None:
    set_credential(tenant=luna, field="connectors.llm.api_key", value="sk-canary-0123456789", by=COMMAND)
    given = sources(settings=ASK_ANTHROPIC, knowledge=KNOWLEDGE)
    bundle = opened(actions.publish(tenant=luna, by=COMMAND, sources=given))
    assert bundle.connectors == {"llm": {"type": "anthropic"}}
    assert list(bundle.secrets) == ["connectors.llm.api_key"]


def test_a_provider_without_its_key_is_refused_and_says_where_the_key_goes(luna: Tenant) -> None:
    with pytest.raises(HasFaultsError) as refused:
        actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=ASK_ANTHROPIC, knowledge=KNOWLEDGE))
    assert codes(refused.value) == ["S202"]
    assert "store it as the credential connectors.llm.api_key" in str(refused.value.faults[0])


def test_answers_can_be_switched_off_with_their_key_in_place(luna: Tenant) -> None:
    set_credential(tenant=luna, field="connectors.llm.api_key", value="sk-canary-0123456789", by=COMMAND)
    off = ASK_ANTHROPIC.replace("true", "false")
    bundle = opened(actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=off)))
    assert bundle.llm.enabled is False


def test_a_credential_without_its_place_is_named(luna: Tenant) -> None:
    set_credential(tenant=luna, field="channels.1.access_token", value="canary", by=COMMAND)
    set_credential(tenant=luna, field="connectors.calendar.api_key", value="canary", by=COMMAND)
    with pytest.raises(HasFaultsError) as caught:
        actions.publish(tenant=luna, by=COMMAND, sources=sources())
    assert codes(caught.value) == ["S204", "S204"]


def test_a_refusal_after_a_good_release_leaves_it_live(luna: Tenant) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    before = everything(luna)
    with pytest.raises(HasFaultsError):
        actions.publish(tenant=luna, by=COMMAND, sources=sources(BROKEN_FLOW, knowledge="new"))
    assert everything(luna) == before


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor"])
def test_below_publisher_nobody_publishes_or_rolls_back(role: str, luna: Tenant, people: dict[str, User]) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    before = everything(luna)
    with pytest.raises(NotAllowedError):
        actions.publish(tenant=luna, by=people[role], sources=sources(FLOW + "#\n"))
    with pytest.raises(NotAllowedError):
        actions.rollback(tenant=luna, to_serial=1, by=people[role])
    assert everything(luna) == before


def test_a_publisher_of_one_tenant_cannot_publish_another(luna: Tenant, sol: Tenant, people: dict[str, User]) -> None:
    actions.publish(tenant=luna, by=people["publisher"], sources=sources())
    with pytest.raises(NotAllowedError):
        actions.publish(tenant=sol, by=people["publisher"], sources=sources())
    assert not Release.objects.for_tenant(sol).exists()


def test_rolling_back_is_a_new_serial_with_the_old_content(luna: Tenant) -> None:
    first = actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge="first"))
    actions.publish(tenant=luna, by=COMMAND, sources=sources(CALENDAR_FLOW, knowledge="second", settings=WITH_CALENDAR))
    back = actions.rollback(tenant=luna, to_serial=1, by=COMMAND)
    old, new = opened(first), opened(back)
    assert (back.serial, back.rolled_back_to) == (3, first)
    assert (new.program, new.knowledge, new.channels, new.connectors) == (
        old.program, old.knowledge, old.channels, old.connectors,
    )  # fmt: skip
    assert AuditEntry.objects.latest("pk").details == {"serial": 3, "content_of": 1}


def test_rolling_back_keeps_the_drafts_as_they_are(luna: Tenant) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    actions.publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n"))
    actions.rollback(tenant=luna, to_serial=1, by=COMMAND)
    assert FlowDraft.objects.for_tenant(luna).get().text == FLOW + "# newer\n"


def test_rolling_back_to_what_no_longer_fits_together_is_refused(luna: Tenant) -> None:
    for name in ("access_token", "app_secret", "verify_token"):
        set_credential(tenant=luna, field=f"channels.0.{name}", value="canary", by=COMMAND)
    actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=WHATSAPP))
    Credential.objects.for_tenant(luna).filter(field="channels.0.app_secret").delete()
    before = everything(luna)
    with pytest.raises(HasFaultsError) as caught:
        actions.rollback(tenant=luna, to_serial=1, by=COMMAND)
    assert codes(caught.value) == ["S203"]
    assert everything(luna) == before


def test_a_provider_alone_is_enough_for_free_questions(luna: Tenant) -> None:
    settings = HTTP_DEV + "llm: {enabled: true, provider: mock_llm}\n"
    assert opened(
        actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge="x", settings=settings))
    ).llm.enabled


def test_rolling_back_takes_todays_secrets(luna: Tenant) -> None:
    for name in ("access_token", "app_secret", "verify_token"):
        set_credential(tenant=luna, field=f"channels.0.{name}", value="the old one", by=COMMAND)
    actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=WHATSAPP))
    set_credential(tenant=luna, field="channels.0.app_secret", value="the new one", by=COMMAND)
    token = opened(actions.rollback(tenant=luna, to_serial=1, by=COMMAND)).secrets["channels.0.app_secret"]
    own = Vault(tenant_fernet_keys(luna))
    assert own.open(token, tenant="luna", field="channels.0.app_secret") == "the new one"


@pytest.mark.parametrize("serial", [0, 2, -1])
def test_rolling_back_to_what_never_was_is_refused(serial: int, luna: Tenant) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    before = everything(luna)
    with pytest.raises(NotThereError):
        actions.rollback(tenant=luna, to_serial=serial, by=COMMAND)
    assert everything(luna) == before


def test_another_tenants_release_cannot_be_rolled_back_to(luna: Tenant, sol: Tenant) -> None:
    actions.publish(tenant=sol, by=COMMAND, sources=sources())
    with pytest.raises(NotThereError):
        actions.rollback(tenant=luna, to_serial=1, by=COMMAND)
