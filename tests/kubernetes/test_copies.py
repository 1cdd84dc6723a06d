"""Copies of tenants on a cluster: made, put back, moved, refused. Everything but the node is what an operator has."""

from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI, connect
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, STATEFUL_SETS
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.containers.phone import Phone
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.node import Node
from tests.kubernetes.platform import PATIENCE_S, Platform
from tests.kubernetes.test_permissions import ONE, account
from tests.kubernetes.waiting import eventually

NAME = "frontdesk-luna"


@pytest.fixture
def node(cluster: Cluster, settings: KubernetesSettings, tmp_path: Path) -> Iterator[Node]:
    (tmp_path / "node").mkdir()
    api = KubernetesAPI(connect(cluster.kubeconfig))
    with Node(api, settings.namespace, tmp_path / "node") as node:
        yield node
    api.close()


@pytest.fixture
def platform(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings, node: Node, tmp_path: Path
) -> Iterator[Platform]:
    """Its commands come to the cluster with the shipped rights and no others."""
    account(cluster, api, tmp_path, namespace=settings.namespace, rules=ONE).close()
    told = {
        "FLEET_KUBERNETES_CONFIG": str(tmp_path / "account.kubeconfig"),
        "FLEET_KUBERNETES_NAMESPACE": settings.namespace,
    }
    with Platform(tmp_path, **told) as platform:
        platform.luna()
        platform.manage("fleet", "deploy", "luna", "--driver", "kubernetes")
        orchestrated(platform, lambda row: bool(row["ready"]))
        yield platform


def orchestrated(platform: Platform, as_wished: Callable[[Any], bool]) -> None:
    """Passes of the orchestrator until the fleet looks so."""

    def passed() -> bool:
        platform.manage("run_orchestrator", "--once")
        (row,) = platform.told_fleet()
        return as_wished(row)

    eventually(passed, within_s=PATIENCE_S)


def stopped(platform: Platform) -> None:
    platform.manage("fleet", "stop", "luna")
    orchestrated(platform, lambda row: row["seen"] == "stopped")


def started(platform: Platform, node: Node) -> Phone:
    platform.manage("fleet", "deploy", "luna")
    orchestrated(platform, lambda row: bool(row["ready"]))
    return Phone(node.address("luna"), "ana")


def contacts(state: Path) -> set[str]:
    with closing(sqlite3.connect(state / "state.sqlite3")) as connection:
        return {row[0] for row in connection.execute("SELECT contact_id FROM conversation")}


def test_conversations_come_back_as_they_were_when_they_were_copied(
    platform: Platform, node: Node, api: KubernetesAPI, settings: KubernetesSettings
) -> None:
    phone = Phone(node.address("luna"), "ana")
    phone.say("hola", offers="")
    copied = phone.messages()
    made = platform.told("fleet", "backup", "luna")["made"]["luna"]
    assert platform.told("fleet", "copies", "luna")["copies"] == [made]
    phone.say("hola", offers="")
    assert len(phone.messages()) > len(copied)

    assert platform.refusal("fleet", "restore", "luna").endswith("Then restore, and deploy it again.")
    stopped(platform)
    assert platform.told("fleet", "restore", "luna") == {"tenant": "luna", "copy": made}
    assert api.get(JOBS, namespace=settings.namespace, name=f"{NAME}-copy") is None
    assert len(list(node.volume("luna").glob("state.sqlite3.before-*"))) == 1
    assert started(platform, node).messages() == copied
    assert not list(node.volume("luna").glob("travelling-*"))


def test_a_stopped_tenant_moves_to_processes_and_back_with_its_last_word(
    platform: Platform, node: Node, tmp_path: Path
) -> None:
    phone = Phone(node.address("luna"), "ana")
    phone.say("hola", offers="")
    said = phone.messages()
    stopped(platform)
    platform.manage("fleet", "backup", "luna")
    there = tmp_path / "fleet" / "tenants" / "luna" / "state"
    platform.manage("fleet", "restore", "luna", driver="process")
    assert contacts(there) == {"ana"}
    with closing(sqlite3.connect(there / "state.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM conversation")
    platform.manage("fleet", "backup", "luna", driver="process")
    platform.manage("fleet", "restore", "luna")
    assert contacts(node.volume("luna")) == set()
    first, _ = platform.told("fleet", "copies", "luna")["copies"]
    platform.manage("fleet", "restore", "luna", "--copy", first)
    assert contacts(node.volume("luna")) == {"ana"}
    assert started(platform, node).messages() == said


def with_schema(file: Path, version: int, work: Path) -> None:
    """The same copy as a runtime of that version would have made it."""
    with tarfile.open(file) as archive:
        archive.extractall(work, filter="data")
    with closing(sqlite3.connect(work / "state.sqlite3")) as connection, connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with tarfile.open(file, mode="w:gz") as archive:
        archive.add(work / "state.sqlite3", "state.sqlite3")


def test_what_cannot_be_done_is_said_in_one_line_and_nothing_is_lost(
    platform: Platform, node: Node, api: KubernetesAPI, settings: KubernetesSettings, tmp_path: Path
) -> None:
    phone = Phone(node.address("luna"), "ana")
    phone.say("hola", offers="")
    said = phone.messages()
    stopped(platform)
    state = node.volume("luna") / "state.sqlite3"
    before = state.read_bytes()
    assert platform.refusal("fleet", "restore", "luna") == "There is no copy of luna. See: fleet copies luna"
    made = platform.told("fleet", "backup", "luna")["made"]["luna"]
    file = platform.copies / "luna" / f"{made}.tar.gz"
    whole = file.read_bytes()
    with_schema(file, 999, tmp_path / "newer")
    newer = platform.refusal("fleet", "restore", "luna")
    assert newer.startswith("The state of luna cannot be used: ")
    assert "has schema version 999, this build knows up to" in newer
    file.write_bytes(whole[: len(whole) // 2])
    assert "the copy cannot be read" in platform.refusal("fleet", "restore", "luna")
    platform.copies.rename(tmp_path / "unmounted")
    assert "is not there. Mount it" in platform.refusal("fleet", "restore", "luna")
    assert state.read_bytes() == before
    assert not list(node.volume("luna").glob("*before*"))
    assert api.get(JOBS, namespace=settings.namespace, name=f"{NAME}-copy") is None
    stateful_set: Any = api.get(STATEFUL_SETS, namespace=settings.namespace, name=NAME)
    assert stateful_set["spec"]["replicas"] == 0
    assert started(platform, node).messages() == said
