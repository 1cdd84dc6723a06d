"""What a tenant consists of: read by the published schemas of newer Kubernetes versions, and looked at in detail."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import kubernetes_validate
import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import MEGABYTE, Resources, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.kubernetes.manifests import manifests_of
from platform_admin.fleet.drivers.kubernetes.manifests.copy_job import copy_job
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

SECRET = "hunter2"
WANTED = WantedRuntime(
    "luna",
    image="registry.example.org/frontdesk-runtime:1",
    environment={"TENANT_ID": "luna", "CONTROL_PLANE_URL": "http://control-plane:8001"},
    secrets=(SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", SECRET),),
    resources=Resources(memory_bytes=300 * MEGABYTE, cpu_millis=500),
)
PLAIN = KubernetesSettings()
EVERYTHING = KubernetesSettings(
    namespace="fd",
    namespace_per_tenant=True,
    storage="5Gi",
    storage_class="fast",
    domain="example.org",
    ingress_class="nginx",
    tls_secret="wildcard",
    image_pull_secret="registry",
    drainable=False,
)
SCHEMAS = ("1.28", "1.31", kubernetes_validate.latest_version())


def by_kind(settings: KubernetesSettings, wanted: WantedRuntime = WANTED) -> dict[str, Any]:
    return {str(manifest["kind"]): manifest for manifest in manifests_of(wanted, settings)}


@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING], ids=["defaults", "everything"])
def test_every_object_is_what_kubernetes_says_it_is(settings: KubernetesSettings, version: str) -> None:
    for manifest in manifests_of(WANTED, settings):
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_do_refuse_what_is_wrong() -> None:
    wrong: JSONObject = {**by_kind(PLAIN)["StatefulSet"], "spec": {"replicas": "one"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, SCHEMAS[0], strict=True)


def test_a_tenant_is_these_objects_and_an_ingress_and_a_namespace_where_wished() -> None:
    plain = ["Secret", "PersistentVolumeClaim", "NetworkPolicy", "Service", "StatefulSet", "PodDisruptionBudget"]
    assert list(by_kind(PLAIN)) == plain
    assert list(by_kind(EVERYTHING)) == ["Namespace", *plain, "Ingress"]


def test_every_object_says_whose_it_is_and_lies_where_it_belongs() -> None:
    for manifest in manifests_of(WANTED, EVERYTHING):
        meta: Any = manifest["metadata"]
        assert meta["labels"]["frontdesk/tenant"] == "luna"
        assert meta["labels"]["app.kubernetes.io/managed-by"] == "frontdesk"
        assert meta.get("namespace", meta["name"]) == "fd-luna"


def test_a_secret_stands_in_the_secret_and_nowhere_else() -> None:
    encoded = base64.b64encode(SECRET.encode()).decode()
    holding = [
        manifest["kind"]
        for manifest in manifests_of(WANTED, EVERYTHING)
        if SECRET in json.dumps(manifest) or encoded in json.dumps(manifest)
    ]
    assert holding == ["Secret"]


def test_a_pod_has_no_privileges_and_no_token_of_the_cluster() -> None:
    pod = by_kind(PLAIN)["StatefulSet"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    security = pod["securityContext"]
    assert (security["runAsNonRoot"], security["runAsUser"], security["fsGroup"]) == (True, 10001, 10001)
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_a_pod_is_given_its_settings_its_files_and_its_limits() -> None:
    container = by_kind(PLAIN)["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    assert {entry["name"]: entry["value"] for entry in container["env"]} == {
        "CONTROL_PLANE_URL": "http://control-plane:8001",
        "HOST": "0.0.0.0",
        "PORT": "8002",
        "RUNTIME_TOKEN_FILE": "/run/tenant/runtime_token",
        "STATE_DIR": "/var/lib/frontdesk",
        "TENANT_ID": "luna",
    }
    assert container["resources"]["limits"] == {"cpu": "500m", "memory": "300Mi"}
    assert container["resources"]["requests"] == {"cpu": "10m", "memory": "64Mi"}
    paths = {
        probe: container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert paths == {"startupProbe": "/health", "livenessProbe": "/health", "readinessProbe": "/ready"}


def test_what_is_kept_free_is_never_more_than_the_limits() -> None:
    small = replace(WANTED, resources=Resources(memory_bytes=32 * MEGABYTE, cpu_millis=5))
    container = by_kind(PLAIN, small)["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"] == {
        "requests": {"cpu": "5m", "memory": "32Mi"},
        "limits": {"cpu": "5m", "memory": "32Mi"},
    }


def test_the_ingress_lets_channels_through_and_nothing_else() -> None:
    (rule,) = by_kind(EVERYTHING)["Ingress"]["spec"]["rules"]
    assert rule["host"] == "luna.example.org"
    assert {(path["path"], path["pathType"]) for path in rule["http"]["paths"]} == {
        ("/webhook", "Exact"),
        ("/telegram", "Prefix"),
        ("/widget", "Prefix"),
    }


def test_a_runtime_reaches_the_internet_but_no_private_network() -> None:
    policy = by_kind(PLAIN)["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    blocks = [peer["ipBlock"] for rule in policy["egress"] for peer in rule["to"] if "ipBlock" in peer]
    assert [block["cidr"] for block in blocks] == ["0.0.0.0/0", "::/0"]
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(blocks[0]["except"])
    assert blocks[1]["except"] == ["fc00::/7", "fe80::/10"]
    (rule,) = policy["ingress"]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}]


@pytest.mark.parametrize(("settings", "unavailable"), [(PLAIN, 1), (EVERYTHING, 0)], ids=["drainable", "not drainable"])
def test_a_node_may_be_emptied_or_not_as_the_operator_says(settings: KubernetesSettings, unavailable: int) -> None:
    assert by_kind(settings)["PodDisruptionBudget"]["spec"]["maxUnavailable"] == unavailable


def test_another_wish_is_another_pod_and_fresh_secrets_are_not() -> None:
    template = by_kind(PLAIN)["StatefulSet"]["spec"]["template"]
    renewed = replace(WANTED, secrets=(replace(WANTED.secrets[0], content="renewed"),))
    assert by_kind(PLAIN, renewed)["StatefulSet"]["spec"]["template"] == template
    assert by_kind(PLAIN, renewed)["Secret"] != by_kind(PLAIN)["Secret"]
    other = by_kind(PLAIN, replace(WANTED, image="registry.example.org/frontdesk-runtime:2"))
    assert other["StatefulSet"]["spec"]["template"] != template


@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING], ids=["defaults", "everything"])
def test_a_job_for_a_copy_is_what_kubernetes_says_it_is(settings: KubernetesSettings, version: str) -> None:
    kubernetes_validate.validate(copy_job(WANTED, settings, ("backup", "--hand-over", "t")), version, strict=True)


def test_a_job_for_a_copy_is_the_runtimes_pod_without_its_door() -> None:
    job: Any = copy_job(WANTED, EVERYTHING, ("restore", "--fetch", "ticket"))
    runtime = by_kind(EVERYTHING)["StatefulSet"]["spec"]["template"]["spec"]
    pod = job["spec"]["template"]["spec"]
    assert {name: part for name, part in pod.items() if name not in {"containers", "restartPolicy"}} == {
        name: part for name, part in runtime.items() if name != "containers"
    }
    (theirs,), (ours,) = runtime["containers"], pod["containers"]
    assert ours["command"] == ["python", "-m", "runtime", "restore", "--fetch", "ticket"]
    same = ("image", "env", "resources", "securityContext", "volumeMounts")
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert not {"ports", "startupProbe", "livenessProbe", "readinessProbe"} & ours.keys()
    assert SECRET not in json.dumps(job)


def test_a_pod_that_carries_a_copy_is_no_runtime_to_anybody_and_kept_apart_like_one() -> None:
    job: Any = copy_job(WANTED, PLAIN, ())
    labels = job["spec"]["template"]["metadata"]["labels"].items()
    found = by_kind(PLAIN)
    assert not found["Service"]["spec"]["selector"].items() <= labels
    assert not found["StatefulSet"]["spec"]["selector"]["matchLabels"].items() <= labels
    assert not found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items() <= labels
    apart = found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items()
    assert apart <= labels
    assert apart <= found["StatefulSet"]["spec"]["template"]["metadata"]["labels"].items()


def test_settings_come_from_the_environment() -> None:
    read = KubernetesSettings.from_environment(
        {
            "FLEET_KUBERNETES_NAMESPACE": "fd",
            "FLEET_KUBERNETES_NAMESPACE_PER_TENANT": "1",
            "FLEET_KUBERNETES_STORAGE": "5Gi",
            "FLEET_KUBERNETES_STORAGE_CLASS": "fast",
            "FLEET_KUBERNETES_DOMAIN": "example.org",
            "FLEET_KUBERNETES_INGRESS_CLASS": "nginx",
            "FLEET_KUBERNETES_TLS_SECRET": "wildcard",
            "FLEET_KUBERNETES_IMAGE_PULL_SECRET": "registry",
            "FLEET_KUBERNETES_DRAINABLE": "0",
        }
    )
    assert read == EVERYTHING
    assert KubernetesSettings.from_environment({}) == PLAIN
