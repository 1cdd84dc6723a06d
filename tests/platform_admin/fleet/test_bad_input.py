"""What people get wrong at the fleet's commands is told in one line, and nothing is changed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from platform_admin.errors import ConflictError
from platform_admin.fleet.backups.s3_store import S3Store
from platform_admin.fleet.backups.store import StoreError
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.models import Deployment, Rollout
from platform_admin.fleet.substrate import store_of
from platform_admin.tenants.models import Tenant
from tests.platform_admin.fleet.test_fleet_command import row, told

HUGE = "9" * 5000
"""More digits than Python reads."""


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "-1", "10001", "²", "1.5", "", HUGE])
def test_a_batch_of_nobody_or_of_more_than_there_can_be_is_no_batch(number: str) -> None:
    told_so = f"Error: argument --batch: a whole number from 1 to 10000, not {number!r}"
    assert refusal("fleet", "upgrade", "runtime:2", f"--batch={number}") == told_so
    assert not Rollout.objects.exists()


BEYOND = {
    "no time to be ready": (
        ("upgrade", "runtime:2", "--patience=0"),
        "--patience: a whole number from 1 to 86400, not '0'",
    ),
    "more than a day": (
        ("upgrade", "runtime:2", "--patience=86401"),
        "--patience: a whole number from 1 to 86400, not '86401'",
    ),
    "a soak that is over": (("upgrade", "runtime:2", "--soak=-1"), "--soak: a whole number from 0 to 86400, not '-1'"),
    "a port that needs privilege": (
        ("deploy", "luna", "--port=80"),
        "--port: a whole number from 1024 to 65535, not '80'",
    ),
    "a port that is none": (
        ("deploy", "luna", "--port=65536"),
        "--port: a whole number from 1024 to 65535, not '65536'",
    ),
    "kept until yesterday": (
        ("remove", "luna", "--keep-days=-1"),
        "--keep-days: a whole number from 0 to 3650, not '-1'",
    ),
    "kept for ever": (
        ("remove", "luna", f"--keep-days={HUGE}"),
        f"--keep-days: a whole number from 0 to 3650, not '{HUGE}'",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("arguments", "told_so"), BEYOND.values(), ids=BEYOND)
def test_a_number_out_of_bounds_is_refused_with_its_bounds(
    luna: Tenant, arguments: tuple[str, ...], told_so: str
) -> None:
    del luna
    assert refusal("fleet", *arguments) == f"Error: argument {told_so}"
    assert not Rollout.objects.exists()
    assert not Deployment.objects.across_tenants("test").exists()


@pytest.mark.django_db
def test_the_bounds_themselves_are_taken(luna: Tenant) -> None:
    del luna
    assert told("fleet", "upgrade", "runtime:2", "--batch=1", "--patience=86400", "--soak=0")[1] == 0
    assert told("fleet", "deploy", "luna", "--port=65535")[0]["port"] == 65535
    assert told("fleet", "remove", "luna", "--keep-days=0")[0]["wanted"] == "removed"


@pytest.mark.django_db
def test_an_image_whose_name_is_too_long_is_refused() -> None:
    assert refusal("fleet", "upgrade", "i" * 201) == "An image's name has at most 200 characters."
    assert not Rollout.objects.exists()


@pytest.mark.parametrize("place", ["", "s3://", "s3:///", " "])
def test_a_place_for_copies_without_a_name_is_none(place: str) -> None:
    with pytest.raises(ConflictError, match=r"^Say where copies are kept: FLEET_BACKUPS="):
        store_of(FleetConfiguration(backups=place))


def test_an_endpoint_that_is_no_address_is_named() -> None:
    with pytest.raises(StoreError) as refused:
        S3Store("bucket", endpoint="s3.example.org")
    told_so = "FLEET_BACKUPS_ENDPOINT is no address: s3.example.org. Write https://… in front."
    assert str(refused.value) == told_so


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "copies").mkdir()
    monkeypatch.setitem(os.environ, "FLEET_BACKUPS", str(tmp_path / "copies"))
    monkeypatch.setitem(os.environ, "FLEET_FOLDER", str(tmp_path / "fleet"))
    monkeypatch.setitem(os.environ, "FLEET_PLACE", "here")
    return tmp_path


@pytest.mark.django_db
def test_a_tenant_that_has_no_state_here_is_told_of_with_where_it_runs(luna: Tenant, folders: Path) -> None:
    missing = f"The state of luna cannot be used: there is no state in {folders}/fleet/tenants/luna/state."
    told("fleet", "deploy", "luna")
    assert told("fleet", "backup", "luna") == ({"made": {}, "failed": {"luna": missing}}, 1)
    Deployment.objects.for_tenant(luna).update(driver="docker", place="there")
    elsewhere = f"{missing} It runs on docker at there, this is process at here: ask there."
    assert told("fleet", "backup", "luna") == ({"made": {}, "failed": {"luna": elsewhere}}, 1)
    assert list((folders / "copies").iterdir()) == []


@pytest.mark.django_db
def test_a_machine_without_room_for_a_copy_is_told_in_its_words(
    luna: Tenant, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del luna
    told("fleet", "deploy", "luna")
    monkeypatch.setattr("tempfile.tempdir", str(folders / "nowhere"))
    (failed,) = told("fleet", "backup", "luna")[0]["failed"].values()
    assert failed.startswith("This machine says: No such file or directory (")


@pytest.mark.django_db
def test_who_was_never_looked_at_is_shown_with_what_to_ask(luna: Tenant) -> None:
    told("fleet", "deploy", "luna", "--place", "nowhere")
    assert row(luna).seen_at is None
    output = io.StringIO()
    with pytest.raises(CommandError):
        call_command("fleet", stdout=output)
    asked = "  no orchestrator of process at nowhere has looked at it yet: does one run?"
    assert output.getvalue().rstrip().endswith(asked)


NOT_YET = {
    "it is wanted running": (
        {"desired": "running", "seen": "running"},
        "Stop luna first: manage.py fleet stop luna. Then restore, and deploy it again.",
    ),
    "it finishes what it does": (
        {"desired": "stopped", "seen": "running"},
        "luna is not seen stopped yet: its orchestrator gives it half a minute. Ask again then.",
    ),
    "it ends again and again": (
        {"desired": "stopped", "seen": "restarting"},
        "luna is not seen stopped yet: its orchestrator gives it half a minute. Ask again then.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("is_now", "told_so"), NOT_YET.values(), ids=NOT_YET)
def test_a_copy_is_put_back_only_once_nobody_writes_the_state(
    luna: Tenant, folders: Path, is_now: dict[str, str], told_so: str
) -> None:
    told("fleet", "deploy", "luna")
    Deployment.objects.for_tenant(luna).update(**is_now)
    assert refusal("fleet", "restore", "luna") == told_so
    assert not (folders / "fleet").exists()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        call_command(*arguments)
    return str(refused.value)


@pytest.mark.parametrize("number", ["0", "-3", "²", "1.5", HUGE])
def test_a_limit_that_is_no_number_is_named(number: str) -> None:
    with pytest.raises(ConflictError, match=r"^FLEET_MEMORY_MB must be a whole number above 0\.$"):
        FleetConfiguration.from_environment({"FLEET_MEMORY_MB": number})


@pytest.mark.django_db
def test_what_is_left_of_a_tenant_of_another_place_is_told_without_advice_to_delete_it(
    luna: Tenant, folders: Path
) -> None:
    told("fleet", "deploy", "luna", "--place", "there")
    (folders / "fleet" / "tenants" / "luna" / "state").mkdir(parents=True)
    (folders / "fleet" / "tenants" / "luna" / "secrets").mkdir()
    output = io.StringIO()
    call_command("run_orchestrator", "--once", stdout=output)
    assert output.getvalue().splitlines() == [
        "0 of 0 runtimes are ready.",
        "luna is deployed at another place; what it has here is left alone, and no erasure reaches it.",
    ]
    assert told("run_orchestrator", "--once")[0]["left_behind"] == ["luna"]
