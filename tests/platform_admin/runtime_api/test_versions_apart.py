"""A runtime one version older than its control plane, and the reverse: by frozen documents of the older version."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from flow_engine.bundle.open import open_bundle
from flow_engine.bundle.seal import seal
from flow_engine.bundle.signing import SigningKey
from platform_admin.observability.models import DeadLetter, HandOff, Notice, RuntimeSighting, ScheduledTask, Turn
from platform_admin.releases.actions import publish
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Tenant
from runtime.control_plane.answers import read_report_answer
from tests.platform_admin.business import COMMAND, sources
from tests.platform_admin.reports import report, send

pytestmark = pytest.mark.django_db

OLDER = Path(__file__).parent / "versions" / "0.1"
KEY = SigningKey.from_seed(b"versions apart, not a secret !!!")


def older(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((OLDER / name).read_text())
    return document


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


def test_an_older_runtimes_report_is_taken_whole(client: Client, token: str, luna: Tenant) -> None:
    answer = send(client, token, older("report.json"))
    assert answer.status_code == 200
    assert (answer.json()["acknowledged"], answer.json()["refused"]) == (older("report.json")["report_id"], [])
    kinds = (Turn, ScheduledTask, DeadLetter, HandOff, Notice, RuntimeSighting)
    assert {kind.__name__: kind.objects.for_tenant(luna).count() for kind in kinds} == {
        kind.__name__: 1 for kind in kinds
    }


def with_more(document: Any) -> Any:
    """The same with a field in every object that this version does not know."""
    match document:
        case dict():
            return {name: with_more(value) for name, value in document.items()} | {"of_a_later_version": {"a": [1]}}
        case list():
            return [with_more(item) for item in document]
        case _:
            return document


def test_a_newer_runtimes_report_is_taken_for_what_is_known_of_it(client: Client, token: str, luna: Tenant) -> None:
    later = with_more(older("report.json")) | {"moods": [{"id": "m1"}]}
    later["runtime"] |= {"version": "0.3.0", "formats": {"bundle": [1, 2], "report": [1, 2]}}
    answer = send(client, token, later)
    assert (answer.status_code, answer.json()["refused"]) == (200, [])
    assert Turn.objects.for_tenant(luna).count() == 1
    assert RuntimeSighting.objects.for_tenant(luna).get().version == "0.3.0"


def test_an_older_control_planes_release_goes_live() -> None:
    payload = older("bundle.json")
    envelope = seal(payload, KEY)
    bundle = open_bundle(envelope, public_keys=[KEY.public_key], tenant="luna", floor_serial=0, floor_digest=None)
    assert (bundle.tenant, bundle.serial) == ("luna", 1)


def test_a_newer_control_planes_release_goes_live_without_what_is_not_known() -> None:
    payload = {**older("bundle.json"), "of_a_later_version": {"a": [1]}}
    payload["settings"] = {**payload["settings"], "of_a_later_version": 1}
    envelope = seal(payload, KEY)
    bundle = open_bundle(envelope, public_keys=[KEY.public_key], tenant="luna", floor_serial=0, floor_digest=None)
    assert bundle.serial == 1


def shape_lost(old: Any, new: Any, where: str = "") -> list[str]:
    """What an older reader finds in ``old`` and would miss in ``new``: names that are gone, kinds that changed."""
    if isinstance(old, dict) and isinstance(new, dict):
        gone = [f"{where}.{name} is gone" for name in sorted(old.keys() - new.keys())]
        return gone + [
            found
            for name in sorted(old.keys() & new.keys())
            for found in shape_lost(old[name], new[name], f"{where}.{name}")
        ]
    if old is None or new is None or type(old) is type(new):
        return []
    return [f"{where} was {type(old).__name__} and is {type(new).__name__}"]


def test_an_older_runtime_finds_in_a_release_all_that_it_reads(luna: Tenant) -> None:
    release = publish(tenant=luna, by=COMMAND, sources=sources())
    payload = json.loads(base64.b64decode(json.loads(bytes(release.envelope))["payload"]))
    assert payload["format"] == older("bundle.json")["format"]
    assert sorted(shape_lost(older("bundle.json"), payload)) == []


def test_an_older_runtime_finds_in_an_answer_all_that_it_reads(client: Client, token: str, luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    answer = send(client, token, report()).json()
    assert sorted(shape_lost(older("report_answer.json"), answer)) == []


@pytest.mark.parametrize("change", [lambda said: said, with_more], ids=["older", "newer"])
def test_a_runtime_understands_the_answer_of_another_version(change: Any) -> None:
    said = change(older("report_answer.json"))
    understood = read_report_answer(json.dumps(said).encode())
    assert (understood.acknowledged, understood.suspended, understood.poll_after_s) == (said["acknowledged"], False, 15)
    assert [command.kind for command in understood.commands] == ["pause_contact"]


def test_a_name_that_is_gone_would_be_seen() -> None:
    lost = shape_lost({"a": {"b": 1}, "c": 1}, {"a": {}, "c": "1"})
    assert sorted(lost) == [".a.b is gone", ".c was int and is str"]
