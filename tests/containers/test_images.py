"""The two images, as `make up` builds and runs them."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from typing import Any

import pytest

from tests.containers.stack import PATIENCE_S, ROOT, Stack, health, podman

pytestmark = pytest.mark.containers

PLANES = pytest.mark.parametrize("service", ["control-plane", "data-plane"])
IMAGES = {"control-plane": "frontdesk-control-plane", "data-plane": "frontdesk-runtime"}
REQUIREMENTS = {"control-plane": "control-plane.txt", "data-plane": "runtime.txt"}
MEGABYTE = 1_000_000
# A package that slips into a plane is seen here. MB above the base image, a quarter more than measured.
# The control plane carries the clients of three substrates and of S3; each is loaded by its first use.
LARGEST_MB = {"control-plane": 330, "data-plane": 125}

INSTALLED = """
import importlib.metadata
print(*(entry.name.lower().replace("_", "-") for entry in importlib.metadata.distributions(path=[PATH])))
"""
USES_ALL_CODE = {
    "control-plane": ["manage.py", "check"],
    "data-plane": ["-c", "import runtime.app, runtime.server, runtime.__main__"],
}


def test_both_planes_tell_the_commit_they_were_built_from(running: Stack) -> None:
    for address in (running.control_plane, running.data_plane):
        assert found_well(address)["build"] == running.commit()


@PLANES
def test_the_program_runs_as_nobody_who_may_do_anything(running: Stack, service: str) -> None:
    assert running.inside(service, "id", "-u").strip() == "10001"
    status = dict(re.findall(r"(\w+):\t(\w+)", running.inside(service, "cat", "/proc/1/status")))
    assert {name: status[name] for name in ("Uid", "Gid", "CapEff", "CapBnd", "NoNewPrivs")} == {
        "Uid": "10001",
        "Gid": "10001",
        "CapEff": "0" * 16,
        "CapBnd": "0" * 16,
        "NoNewPrivs": "1",
    }


@PLANES
def test_its_root_file_system_is_read_only(running: Stack, service: str) -> None:
    mounts = [line.split() for line in running.inside(service, "cat", "/proc/mounts").splitlines()]
    (root,) = [options.split(",") for _, place, _, options, *_ in mounts if place == "/"]
    assert "ro" in root


@PLANES
def test_its_own_health_check_passes(running: Stack, service: str) -> None:
    podman("healthcheck", "run", running.container(service))


@PLANES
def test_nothing_it_imports_is_compiled_at_start(running: Stack, service: str) -> None:
    command = ["exec", running.container(service), "sh", "-c", 'exec python -v "$@" 2>&1', "-", *USES_ALL_CODE[service]]
    sources = re.findall(r"^# code object from '?([^'\n]+)", podman(*command), flags=re.MULTILINE)
    assert len(sources) > 300
    assert [source for source in sources if not source.endswith(".pyc")] == []


@PLANES
def test_it_holds_its_own_planes_packages_and_no_others(running: Stack, service: str) -> None:
    locked = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / REQUIREMENTS[service]).read_text(), re.MULTILINE)
    path = "__import__('sysconfig').get_path('purelib')"
    installed = running.inside(service, "python", "-c", INSTALLED.replace("PATH", path)).split()
    assert installed
    assert {normalised(name) for name in installed} <= {normalised(name) for name in locked}
    code = set(running.inside(service, "ls", "/opt/frontdesk/app").split())
    assert ("platform_admin" in code, "runtime" in code) == (service == "control-plane", service == "data-plane")
    assert "tests" not in code


@PLANES
def test_it_says_what_it_is_made_of(running: Stack, service: str) -> None:
    told = json.loads(running.inside(service, "cat", "/opt/frontdesk/venv/sbom.cdx.json"))
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == ("CycloneDX", IMAGES[service])
    path = "__import__('sysconfig').get_path('purelib')"
    installed = running.inside(service, "python", "-c", INSTALLED.replace("PATH", path)).split()
    assert sorted(part["name"] for part in told["components"]) == sorted(installed)


def found_well(address: str) -> dict[str, Any]:
    """Its health once it is ``ok``: a poll that fell into a restart is a reason of ``degraded`` until the next."""
    told: list[dict[str, Any] | None] = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        body = health(address)
        if body is not None and body["status"] == "ok":
            return body
        told.append(body)
        time.sleep(1)
    raise AssertionError(f"{address} did not get well, it told lastly: {told[-1]}")


def normalised(name: str) -> str:
    """A project's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def found_in(service: str, *conditions: str) -> list[str]:
    """What root finds in the image, which no running container's user could hide."""
    command = ["run", "--rm", "--network", "none", "--user", "0", IMAGES[service], "find", "/", "-xdev"]
    return podman(*command, *conditions).splitlines()


def test_there_is_no_django_in_the_runtimes_image(running: Stack) -> None:
    assert found_in("data-plane", "-iname", "*django*") == []
    assert "/opt/frontdesk/venv/lib" in " ".join(found_in("control-plane", "-iname", "django", "-type", "d"))


@PLANES
def test_no_key_was_built_into_it(running: Stack, service: str) -> None:
    assert found_in(service, "(", "-name", ".env*", "-o", "-name", "*key*.pem", "-o", "-name", ".frontdesk", ")") == []


@PLANES
def test_its_size_over_the_base_image_stays_small(
    running: Stack, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = [
        int(podman("image", "inspect", "--format", "{{.Size}}", image))
        for image in (IMAGES[service], os.environ["FRONTDESK_BASE_IMAGE"])
    ]
    over_base = (sizes[0] - sizes[1]) / MEGABYTE
    with capsys.disabled():
        sys.stdout.write(f"\n{IMAGES[service]}: {sizes[0] / MEGABYTE:.0f} MB, {over_base:.0f} MB over its base\n")
    assert over_base < LARGEST_MB[service]


def test_secrets_of_the_first_start_are_closed_to_others(running: Stack) -> None:
    folder = running.root / "deploy" / "secrets"
    assert folder.stat().st_mode & 0o077 == 0
    listed = running.inside("data-plane", "ls", "-ln", "/run/tenant").splitlines()[1:]
    rights = {line.split()[-1]: (line.split()[0][:10], line.split()[2]) for line in listed}
    closed = ("-rw-------", "10001")
    assert {name: rights[name] for name in rights if name != "published"} == {
        "bundle_public_keys.json": closed,
        "runtime_token": closed,
        "tenant_fernet_keys": closed,
    }
