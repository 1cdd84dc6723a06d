"""From a deployment to what a driver is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from flow_engine.bundle import read_public_keys
from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.fleet.actions import deploy
from platform_admin.fleet.configuration import PASSED_ON, FleetConfiguration
from platform_admin.fleet.driver import Resources
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import AuditEntry, Tenant
from platform_admin.tenants.queries import runtime_token_of
from runtime.__main__ import USAGE

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
CONFIGURATION = FleetConfiguration(control_plane_url="http://ingress:8001", image="runtime:1")


@pytest.fixture
def deployment(luna: Tenant) -> Deployment:
    return deploy(tenant=luna, by=SHELL, port=9001)


def secrets_of(deployment: Deployment) -> dict[str, str]:
    stored = Deployment.objects.for_tenant(deployment.tenant).select_related("tenant").get()
    return {secret.variable: secret.content for secret in wanted_runtime(stored, CONFIGURATION, by=SHELL).secrets}


def test_a_wish_holds_settings_in_its_environment_and_secrets_apart(deployment: Deployment) -> None:
    wanted = wanted_runtime(deployment, CONFIGURATION, by=SHELL)
    assert wanted.environment == {"CONTROL_PLANE_URL": "http://ingress:8001", "TENANT_ID": "luna"}
    assert (wanted.tenant, wanted.image, wanted.port, wanted.resources) == ("luna", "runtime:1", 9001, Resources())
    secrets = {secret.variable: secret.content for secret in wanted.secrets}
    row = runtime_token_of(secrets["RUNTIME_TOKEN_FILE"].strip())
    assert row is not None
    assert row.tenant == deployment.tenant
    assert tuple(secrets["TENANT_FERNET_KEYS_FILE"].split()) == tenant_fernet_keys(deployment.tenant)
    assert len(read_public_keys(secrets["BUNDLE_PUBLIC_KEYS_FILE"].encode())) == 1
    assert [content for content in secrets.values() if content in repr(wanted)] == []


def test_the_token_is_issued_once_and_stored_only_sealed(deployment: Deployment) -> None:
    before = AuditEntry.objects.filter(verb="issued runtime token").count()
    first = secrets_of(deployment)
    assert secrets_of(deployment) == first
    assert AuditEntry.objects.filter(verb="issued runtime token").count() == before + 1
    stored = Deployment.objects.for_tenant(deployment.tenant).get()
    assert stored.sealed_token
    assert first["RUNTIME_TOKEN_FILE"].strip() not in stored.sealed_token


def test_a_token_sealed_under_keys_that_are_gone_is_issued_anew(deployment: Deployment) -> None:
    with override_settings(FERNET_KEYS=["Z29uZS1nb25lLWdvbmUtZ29uZS1nb25lLWdvbmUtISE="]):
        from platform_admin.credentials.vault import platform_vault  # noqa: PLC0415 - reads the settings above

        sealed = platform_vault().seal(tenant="luna", field="fleet_runtime_token", value="fdrt_old")
    Deployment.objects.for_tenant(deployment.tenant).update(sealed_token=sealed)
    token = secrets_of(deployment)["RUNTIME_TOKEN_FILE"].strip()
    assert token != "fdrt_old"
    assert runtime_token_of(token) is not None


def test_an_image_of_its_own_goes_before_the_fleets(deployment: Deployment) -> None:
    deployment.image = "runtime:2"
    assert wanted_runtime(deployment, CONFIGURATION, by=SHELL).image == "runtime:2"


BELIEVED = {
    "nobody, where nobody is said to stand before local processes": ({"FLEET_DRIVER": "process"}, None),
    "who the orchestrator is told": (
        {"FLEET_DRIVER": "process", "FLEET_RUNTIME_TRUSTED_PROXIES": "127.0.0.1"},
        "127.0.0.1",
    ),
    "on a cluster the ingress's pods, wherever they are": (
        {"FLEET_DRIVER": "kubernetes"},
        "10.0.0.0/8,100.64.0.0/10,169.254.0.0/16,172.16.0.0/12,192.168.0.0/16,fc00::/7,fe80::/10",
    ),
    "there, too, who the orchestrator is told": (
        {"FLEET_DRIVER": "kubernetes", "FLEET_RUNTIME_TRUSTED_PROXIES": "10.4.0.0/16"},
        "10.4.0.0/16",
    ),
}


@pytest.mark.parametrize(("environment", "believed"), BELIEVED.values(), ids=BELIEVED.keys())
def test_runtimes_are_told_whose_word_about_addresses_counts(
    deployment: Deployment, environment: dict[str, str], believed: str | None
) -> None:
    configuration = FleetConfiguration.from_environment(environment)
    assert wanted_runtime(deployment, configuration, by=SHELL).environment.get("TRUSTED_PROXIES") == believed


def test_what_is_said_of_the_control_plane_itself_reaches_no_runtime(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_plane = {"GRAPH_BASE_URL": "https://plane.example", "TRUSTED_PROXIES": "10.9.0.0/16"}
    for name in of_the_plane:
        monkeypatch.delenv(name, raising=False)
    lines = [f"{name}={value}\n" for name, value in of_the_plane.items()]
    (tmp_path / ".env").write_text("".join([*lines, "FLEET_RUNTIME_GRAPH_VERSION=v24.0\n"]))
    for environment in (fleet_environment(root=tmp_path), fleet_environment(root=tmp_path) | of_the_plane):
        configuration = FleetConfiguration.from_environment(environment)
        assert wanted_runtime(deployment, configuration, by=SHELL).environment == {
            "CONTROL_PLANE_URL": "http://127.0.0.1:8001",
            "TENANT_ID": "luna",
            "GRAPH_VERSION": "v24.0",
        }


def test_each_setting_that_is_handed_on_is_one_that_runtimes_read(deployment: Deployment) -> None:
    told = dict.fromkeys(PASSED_ON, "1")
    handed_on = wanted_runtime(deployment, FleetConfiguration.from_environment(told), by=SHELL).environment
    assert handed_on.keys() - {"CONTROL_PLANE_URL", "TENANT_ID"} == {
        name.removeprefix("FLEET_RUNTIME_") for name in PASSED_ON
    }
    assert [name for name in PASSED_ON.values() if name not in USAGE] == []
