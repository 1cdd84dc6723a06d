"""The files of deploy/kubernetes are what Kubernetes says they are, and bring no privileges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

FOLDER = Path("deploy/kubernetes")
FILES = sorted(FOLDER.glob("*.yaml"))


def objects(file: Path) -> list[Any]:
    documents = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    return [one for document in documents for one in document.get("items", [document])]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_they_are_valid(file: Path) -> None:
    found = objects(file)
    assert found
    for one in found:
        kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


def test_every_pod_runs_without_privileges_and_only_the_orchestrator_has_a_token() -> None:
    pods = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in objects(FOLDER / "control-plane.yaml")
        if one["kind"] == "Deployment"
    }
    assert set(pods) == {"frontdesk-control-plane", "frontdesk-worker", "frontdesk-orchestrator"}
    for name, pod in pods.items():
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        has_token = pod.get("automountServiceAccountToken", True)
        assert has_token is (name == "frontdesk-orchestrator")


def test_the_metrics_of_the_control_plane_are_led_to_nobody() -> None:
    shipped = objects(FOLDER / "control-plane.yaml")
    (ingress,) = [one for one in shipped if one["kind"] == "Ingress"]
    (rule,) = ingress["spec"]["rules"]
    led = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert led == {"/metrics": "frontdesk-nobody", "/": "frontdesk-control-plane"}
    (nobody,) = [one for one in shipped if one["kind"] == "Service" and one["metadata"]["name"] == "frontdesk-nobody"]
    assert "selector" not in nobody["spec"]


def test_nobody_but_the_ingress_reaches_the_control_plane_which_believes_its_callers() -> None:
    (policy,) = [one for one in objects(FOLDER / "control-plane.yaml") if one["kind"] == "NetworkPolicy"]
    (entry,) = policy["spec"]["ingress"]
    assert entry["from"] == [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}},
    ]
