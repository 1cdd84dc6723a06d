"""``copies/<ticket>``: who may bring and fetch which copy, and what is taken for one."""

from __future__ import annotations

import io
import os
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import AsyncRequestFactory, Client
from rest_framework.request import Request

from platform_admin.config.body_limit import MAX_BODY_BYTES, MAX_COPY_BYTES, limit_of
from platform_admin.config.tickets import LIFE, SALT
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import CopyName
from platform_admin.fleet.backups.tickets import Way, ticket_for
from platform_admin.fleet.sent_file import sent_file
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Scope, Tenant
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NAME = CopyName("luna", NOON)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    monkeypatch.setitem(os.environ, "FLEET_BACKUPS", str(tmp_path))
    return FolderStore(tmp_path)


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


def copy(*erased: str, state: bytes = b"SQLite format 3\0 and so on", **more: bytes) -> bytes:
    members = {"state.sqlite3": state, "erasures.jsonl": "".join(f"{line}\n" for line in erased).encode()}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in {**members, **more}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        found = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: file.read() for name, file in found.items() if file is not None}


def bring(client: Client, token: str, ticket: str, content: bytes, *, slug: str = "luna") -> Any:
    return client.put(
        f"/api/runtime/v1/tenants/{slug}/copies/{ticket}",
        data=content,
        content_type="application/gzip",
        headers={"Authorization": f"Bearer {token}"},
    )


def fetch(client: Client, token: str, ticket: str, *, slug: str = "luna") -> Any:
    url = f"/api/runtime/v1/tenants/{slug}/copies/{ticket}"
    return client.get(url, headers={"Authorization": f"Bearer {token}"})


def test_a_copy_that_is_brought_is_kept_and_can_be_fetched(client: Client, token: str, store: FolderStore) -> None:
    content = copy("a")
    assert bring(client, token, ticket_for(NAME, Way.IN), content).status_code == 201
    assert store.copies("luna") == [NAME]
    answer = fetch(client, token, ticket_for(NAME, Way.OUT))
    assert (answer.status_code, answer["Content-Type"], answer["Content-Length"]) == (
        200,
        "application/gzip",
        str(len(content)),
    )
    assert b"".join(answer.streaming_content) == content


def test_an_older_copy_is_handed_out_with_whoever_was_erased_up_to_the_newest(
    client: Client, token: str, store: FolderStore
) -> None:
    newest = CopyName("luna", NOON + timedelta(hours=1))
    bring(client, token, ticket_for(NAME, Way.IN), copy("a"))
    bring(client, token, ticket_for(newest, Way.IN), copy("a", "b", state=b"SQLite format 3\0 later"))
    answer = fetch(client, token, ticket_for(NAME, Way.OUT))
    assert members(b"".join(answer.streaming_content)) == {
        "state.sqlite3": b"SQLite format 3\0 and so on",
        "erasures.jsonl": b"a\nb\n",
    }


NO_COPIES: dict[str, bytes] = {
    "nothing": b"",
    "text": b"no tar at all",
    "half of one": copy()[:40],
    "more in it": copy(other=b""),
    "no database": copy(state=b"no database"),
}


@pytest.mark.parametrize("content", NO_COPIES.values(), ids=NO_COPIES)
def test_what_is_no_copy_is_not_kept(content: bytes, client: Client, token: str, store: FolderStore) -> None:
    answer = bring(client, token, ticket_for(NAME, Way.IN), content)
    assert (answer.status_code, answer.json()) == (400, {"error": "not_a_copy"})
    assert store.copies("luna") == []


class EarlierSigner(signing.TimestampSigner):
    """As ours an hour and a second ago."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time() - LIFE.total_seconds()) - 1)


def test_a_ticket_is_for_one_tenant_one_way_and_one_hour(
    client: Client, token: str, sol: Tenant, store: FolderStore
) -> None:
    store_of_sol, theirs = issue_runtime_token(tenant=sol, by=COMMAND).clear, CopyName("sol", NOON)
    assert bring(client, store_of_sol, ticket_for(theirs, Way.IN), copy(), slug="sol").status_code == 201
    assert bring(client, token, ticket_for(NAME, Way.IN), copy()).status_code == 201
    first = ticket_for(NAME, Way.OUT)
    old = EarlierSigner(salt=SALT).sign_object([str(Way.OUT), str(NAME)])
    for ticket in (ticket_for(theirs, Way.OUT), ticket_for(NAME, Way.IN), old, f"{first}x", "guessed"):
        answer = fetch(client, token, ticket)
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"}), ticket
    for ticket in (ticket_for(theirs, Way.IN), ticket_for(NAME, Way.OUT), "guessed"):
        assert bring(client, token, ticket, copy("x")).status_code == 404
    assert fetch(client, token, ticket_for(theirs, Way.OUT), slug="sol").status_code == 404
    assert members(b"".join(fetch(client, token, first).streaming_content))["erasures.jsonl"] == b""


def test_a_ticket_opens_nothing_without_the_token_of_a_runtime(
    client: Client, luna: Tenant, store: FolderStore
) -> None:
    monitor = issue_runtime_token(tenant=luna, by=COMMAND, scopes=[Scope.BUNDLE]).clear
    for shown, status in (("", 401), ("guessed", 401), (monitor, 403)):
        assert bring(client, shown, ticket_for(NAME, Way.IN), copy()).status_code == status
        assert fetch(client, shown, ticket_for(NAME, Way.OUT)).status_code == status
    assert store.copies("luna") == []


def test_a_copy_that_is_not_there_is_said(client: Client, token: str, store: FolderStore) -> None:
    assert fetch(client, token, ticket_for(NAME, Way.OUT)).status_code == 404


def test_without_a_place_for_copies_nothing_is_taken(
    client: Client, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("", str(tmp_path / "not mounted")):
        monkeypatch.setitem(os.environ, "FLEET_BACKUPS", place)
        for answer in (
            bring(client, token, ticket_for(NAME, Way.IN), copy()),
            fetch(client, token, ticket_for(NAME, Way.OUT)),
        ):
            assert (answer.status_code, answer.json()) == (503, {"error": "no_place"})
    assert list(tmp_path.iterdir()) == []


def test_only_who_has_a_ticket_may_send_so_much_as_a_copy_has() -> None:
    address = "/api/runtime/v1/tenants/luna/copies/"
    assert limit_of(address + ticket_for(NAME, Way.IN)) == MAX_COPY_BYTES
    assert limit_of(address + "guessed") == MAX_BODY_BYTES
    assert limit_of(address + ticket_for(NAME, Way.IN) + "x") == MAX_BODY_BYTES


async def test_a_large_file_is_sent_piece_by_piece_and_closed(tmp_path: Path) -> None:
    content = os.urandom(3 * 256 * 1024 + 7)
    (tmp_path / "copy").write_bytes(content)
    file = (tmp_path / "copy").open("rb")
    answer = sent_file(file, "application/gzip", to=Request(AsyncRequestFactory().get("/")))
    pieces = [piece async for piece in answer]
    assert [len(piece) for piece in pieces] == [256 * 1024] * 3 + [7]
    assert b"".join(pieces) == content
    assert answer["Content-Length"] == str(len(content))
    answer.close()
    assert file.closed
