from __future__ import annotations

import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from platform_admin.tenants.models import RuntimeToken, Tenant
from platform_admin.tenants.queries import runtime_token_of

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("issue_runtime_token", *arguments, stdout=out)
    return out.getvalue()


def test_a_token_is_printed_once(luna: Tenant) -> None:
    shown = json.loads(run("luna", "--json"))
    token = runtime_token_of(shown["runtime_token"])
    assert token is not None
    assert token.scopes == ["bundle", "commands", "exports", "report"]


def test_rotation_writes_the_file_and_ends_the_others_later(luna: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "runtime_token"
    file.write_text("the old one\n")
    old = RuntimeToken.objects.for_tenant(luna).get()
    said = run("luna", "--output-file", str(file), "--retire-others-after", "24", "--expires-in-days", "90")
    fresh = runtime_token_of(file.read_text().strip())
    assert fresh is not None
    assert file.read_text().strip() not in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    old.refresh_from_db()
    now = timezone.now()
    assert old.expires_at is not None
    assert fresh.expires_at is not None
    assert timedelta(hours=23) < old.expires_at - now < timedelta(hours=25)
    assert timedelta(days=89) < fresh.expires_at - now < timedelta(days=91)


def test_a_dry_run_changes_nothing_and_shows_no_token(luna: Tenant, tmp_path: Path) -> None:
    before = list(RuntimeToken.objects.for_tenant(luna).values())
    said = run("luna", "--dry-run", "--retire-others-after", "0", "--output-file", str(tmp_path / "token"))
    assert said == "Would issue a token for luna. Nothing was changed.\n"
    assert list(RuntimeToken.objects.for_tenant(luna).values()) == before
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_ends_no_token(luna: Tenant, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was issued"):
        run("luna", "--retire-others-after", "0", "--output-file", str(tmp_path / "no" / "token"))
    assert RuntimeToken.objects.for_tenant(luna).get().expires_at is None


def test_a_tenant_that_is_not_there_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="no tenant 'nobody'"):
        run("nobody")
