"""What the file for a machine of one's own promises: who is reached, who may do what, what outlives a container."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"


def services() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
    return read


@pytest.mark.parametrize("name", services())
def test_every_services_log_is_bounded(name: str) -> None:
    assert services()[name]["logging"]["options"] == {"max-size": "10m", "max-file": "3"}


def test_who_listens_nowhere_is_not_asked_for_its_health_there() -> None:
    """The control plane's image asks port 8001, which worker and orchestrator do not serve."""
    own = {name: one for name, one in services().items() if one.get("image") == "frontdesk-control-plane"}
    asked = {name for name, one in own.items() if not one.get("healthcheck", {}).get("disable")}
    assert (set(own), asked) == ({"control-plane", "worker", "orchestrator"}, {"control-plane"})


def test_the_compose_file_publishes_its_ports_on_loopback() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {
        "postgres": ["127.0.0.1:${POSTGRES_PORT:-5433}:5432"],
        "control-plane": ["127.0.0.1:${CONTROL_PLANE_PORT:-8001}:8001"],
        "data-plane": ["127.0.0.1:${DATA_PLANE_PORT:-8002}:8002"],
        "data-plane-second": ["127.0.0.1:${SECOND_DATA_PLANE_PORT:-8003}:8002"],
        "ingress": [
            "${INGRESS_BIND:-127.0.0.1}:${INGRESS_HTTP_PORT:-8080}:8080",
            "${INGRESS_BIND:-127.0.0.1}:${INGRESS_HTTPS_PORT:-8443}:8443",
        ],
    }


def test_a_data_plane_shares_a_network_with_the_ingress_alone() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    inside: dict[str, set[str]] = {}
    for name, service in services.items():
        for network in service["networks"]:
            inside.setdefault(network, set()).add(name)
    assert inside == {
        "inside": {"postgres", "control-plane", "worker", "orchestrator", "ingress"},
        "first": {"data-plane", "ingress"},
        "second": {"data-plane-second", "ingress"},
    }


def test_what_is_to_outlive_containers_lies_on_a_volume() -> None:
    document = yaml.safe_load(COMPOSE_FILE.read_text())
    for name in ("control-plane", "worker", "orchestrator"):
        service = document["services"][name]
        assert service["environment"]["AUDIT_ANCHOR_FILE"].startswith("/var/lib/frontdesk/"), name
        assert "kept:/var/lib/frontdesk" in service["volumes"], name
    assert "kept" in document["volumes"]


def test_only_the_orchestrator_has_the_engines_socket_and_runs_only_when_asked_for() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    have_it = [name for name, service in services.items() if "engine.sock" in str(service.get("volumes"))]
    assert (have_it, services["orchestrator"]["profiles"]) == (["orchestrator"], ["fleet"])
    assert [name for name, service in services.items() if "profiles" in service] == ["orchestrator"]


def test_every_service_that_is_ours_may_do_nothing_but_run() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    for name in set(services) - {"postgres"}:
        assert services[name]["read_only"] is True, name
        assert (services[name]["cap_drop"], services[name]["security_opt"]) == (["ALL"], ["no-new-privileges"]), name


def test_everything_the_images_copy_and_the_services_mount_is_there() -> None:
    copied = [
        word
        for dockerfile in sorted((ROOT / "deploy" / "docker").glob("*.Dockerfile"))
        for line in dockerfile.read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    scripts = ("start-control-plane.sh", "start-data-plane.sh", "first.yaml", "second.yaml")
    mounted = ["ingress/start.sh", *(f"first-tenants/{name}" for name in scripts)]
    assert [name for name in mounted if not (ROOT / "deploy" / name).exists()] == []


def test_no_secret_can_be_committed() -> None:
    names = ["deploy/secrets/.env", "deploy/secrets/signing_key.pem", ".env", ".frontdesk/demo/.env"]
    done = subprocess.run(
        ["git", "check-ignore", *names], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == names
