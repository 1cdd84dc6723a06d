"""``manage.py fleet`` and ``manage.py run_orchestrator --once``."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import CopyName
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.models import Deployment, Rollout
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> tuple[Any, int]:
    """What a command printed as JSON, and its exit code."""
    output = io.StringIO()
    try:
        call_command(*arguments, "--json", stdout=output)
    except CommandError as error:
        return json.loads(output.getvalue() or "null"), error.returncode
    return json.loads(output.getvalue()), 0


def row(tenant: Tenant) -> Deployment:
    return Deployment.objects.for_tenant(tenant).get()


def test_what_is_wanted_and_what_is_seen_are_shown_side_by_side(luna: Tenant) -> None:
    assert told("fleet") == ({"tenants": [], "upgrade": None}, 0)
    assert told("fleet", "deploy", "luna", "--port", "9001", "--canary")[1] == 0
    shown, code = told("fleet")
    assert code == 4
    assert shown["tenants"] == [
        {
            "tenant": "luna",
            "driver": "process",
            "place": "",
            "port": 9001,
            "wanted": "running",
            "seen": "unknown",
            "ready": False,
            "as_wanted": False,
            "image": "",
            "seen_image": "",
            "canary": True,
            "reason": "",
            "fresh": False,
            "seen_at": None,
        }
    ]
    Deployment.objects.for_tenant(luna).update(seen="running", ready=True, seen_at=timezone.now())
    assert told("fleet")[1] == 0


def test_what_was_seen_long_ago_is_not_shown_as_of_now(luna: Tenant) -> None:
    told("fleet", "deploy", "luna")
    long_ago = timezone.now() - timedelta(minutes=17, seconds=5)
    Deployment.objects.for_tenant(luna).update(seen="running", ready=True, seen_at=long_ago)
    output = io.StringIO()
    with pytest.raises(CommandError) as differs:
        call_command("fleet", stdout=output)
    assert differs.value.returncode == 4
    assert "was running ready" in output.getvalue()
    assert "last seen 17 min ago: does its orchestrator run?" in output.getvalue()
    shown, _ = told("fleet")
    assert (shown["tenants"][0]["fresh"], shown["tenants"][0]["seen_at"]) == (False, long_ago.isoformat())


def test_a_runtime_is_stopped_removed_and_deployed_again(luna: Tenant) -> None:
    told("fleet", "deploy", "luna")
    assert told("fleet", "stop", "luna")[0]["wanted"] == "stopped"
    assert told("fleet", "remove", "luna", "--keep-days", "3")[0]["wanted"] == "removed"
    kept = row(luna).volume_until
    assert kept is not None
    assert timedelta(days=2.9) < kept - timezone.now() <= timedelta(days=3)
    assert told("fleet", "deploy", "luna")[0]["wanted"] == "running"
    assert row(luna).volume_until is None


def test_a_trial_changes_nothing(luna: Tenant) -> None:
    assert told("fleet", "deploy", "luna", "--dry-run")[0]["dry_run"] is True
    assert not Deployment.objects.for_tenant(luna).exists()


def test_a_trial_of_a_copy_and_of_a_restore_touches_nothing(
    luna: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, folder = tmp_path / "copies", tmp_path / "fleet"
    copies.mkdir()
    monkeypatch.setitem(os.environ, "FLEET_BACKUPS", str(copies))
    monkeypatch.setitem(os.environ, "FLEET_FOLDER", str(folder))
    told("fleet", "deploy", "luna")
    assert told("fleet", "backup", "--dry-run") == ({"would": ["luna"], "dry_run": True}, 0)
    assert list(copies.iterdir()) == []
    (tmp_path / "copy").write_bytes(b"a copy")
    FolderStore(copies).put(CopyName("luna", datetime(2026, 1, 5, 12, tzinfo=UTC)), tmp_path / "copy")
    with pytest.raises(CommandError, match="Stop luna first"):
        call_command("fleet", "restore", "luna", "--dry-run")
    told("fleet", "stop", "luna")
    would = {"tenant": "luna", "copy": "20260105T120000Z", "dry_run": True}
    assert told("fleet", "restore", "luna", "--dry-run") == (would, 0)
    assert not folder.exists()


def test_an_upgrade_is_begun_and_begun_again_and_replaced(db: None) -> None:
    told("fleet", "upgrade", "runtime:2", "--batch", "5")
    told("fleet", "upgrade", "runtime:2")
    told("fleet", "upgrade", "runtime:3")
    assert list(Rollout.objects.order_by("pk").values_list("image", "state", "batch")) == [
        ("runtime:2", "replaced", 5),
        ("runtime:3", "rolling", 10),
    ]
    assert told("fleet")[0]["upgrade"] == {"image": "runtime:3", "state": "rolling", "reason": ""}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fleet", "stop", "luna"], "luna is not deployed. Deploy it: manage.py fleet deploy luna"),
        (["fleet", "resume"], "No upgrade is stopped."),
        (["fleet", "deploy", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(luna: Tenant, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as refused:
        call_command(*arguments)
    assert refused.value.returncode == 1
    assert not Deployment.objects.across_tenants("test").exists()


def test_one_pass_says_what_is_in_its_way(luna: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "FLEET_FOLDER", str(tmp_path))
    deployment = deploy(tenant=luna, by=CommandActor("test"))
    Deployment.objects.for_tenant(luna).update(desired="stopped")
    assert told("run_orchestrator", "--once") == (
        {"leads": True, "running": 0, "ready": 0, "strangers": [], "trouble": {}, "left_behind": []},
        0,
    )
    deployment.refresh_from_db(from_queryset=Deployment.objects.for_tenant(luna))
    assert deployment.seen == "absent"


def test_a_driver_that_is_none_of_the_choices_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "FLEET_DRIVER", "bare-metal")
    with pytest.raises(CommandError, match="FLEET_DRIVER must be one of process, docker, kubernetes"):
        call_command("run_orchestrator", "--once")


def test_whether_there_is_a_warm_parent_is_a_choice_of_two(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FleetConfiguration.from_environment({}).warm_parent is False
    assert FleetConfiguration.from_environment({"FLEET_WARM_PARENT": "0"}).warm_parent is False
    assert FleetConfiguration.from_environment({"FLEET_WARM_PARENT": "1"}).warm_parent is True
    monkeypatch.setitem(os.environ, "FLEET_WARM_PARENT", "yes")
    with pytest.raises(CommandError, match="FLEET_WARM_PARENT must be 0 or 1"):
        call_command("run_orchestrator", "--once")
