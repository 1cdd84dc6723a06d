"""Conversations and whole tenants in and out by command."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from platform_admin.flows.models import FlowDraft
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.releases.actions import publish
from platform_admin.releases.queries import live_release
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, sources

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_conversation_comes_in_with_its_tests(luna: Tenant, tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(FLOW)
    (tmp_path / "cases" / "piezas").mkdir(parents=True)
    (tmp_path / "cases" / "a.yaml").write_text("steps: []")
    (tmp_path / "cases" / "piezas" / "b.yaml").write_text("steps: []")
    told = json.loads(run("import_flow", "luna", tmp_path / "flow.yaml", "--cases", tmp_path / "cases", "--json"))
    flow = main_flow(luna)
    assert flow is not None
    assert (told["cases"], sorted(cases_of(flow))) == (2, ["a.yaml", "piezas/b.yaml"])
    assert live_release(luna) is None


def test_one_with_faults_is_kept_and_its_faults_are_the_exit_code(luna: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(BROKEN_FLOW)
    with pytest.raises(CommandError) as ended:
        run("import_flow", "luna", file)
    assert ended.value.returncode == 3
    assert FlowDraft.objects.for_tenant(luna).get().text == BROKEN_FLOW


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["no text", "no file"])
def test_a_file_that_cannot_be_read_changes_nothing(content: bytes | None, luna: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError) as ended:
        run("import_flow", "luna", file)
    assert ended.value.returncode == 2
    assert main_flow(luna) is None


def test_a_tenant_goes_out_and_comes_in_elsewhere(luna: Tenant, sol: Tenant, tmp_path: Path) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources(knowledge="# Luna"))
    file = tmp_path / "luna.zip"
    run("export_tenant", "luna", file)
    with pytest.raises(CommandError, match="File exists"):
        run("export_tenant", "luna", file)
    trial = json.loads(run("import_tenant", "sol", file, "--dry-run", "--json"))
    assert main_flow(sol) is None
    told = json.loads(run("import_tenant", "sol", file, "--json"))
    assert FlowDraft.objects.for_tenant(sol).get().text == FLOW
    assert told["changes"] == trial["changes"] != []
    assert live_release(sol) is None


def test_going_back_is_one_command(luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    with pytest.raises(CommandError, match="no release to go back to"):
        run("rollback", "luna")
    publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n"))
    assert json.loads(run("rollback", "luna", "--dry-run", "--json"))["dry_run"] is True
    live = live_release(luna)
    assert live is not None
    assert live.serial == 2
    assert json.loads(run("rollback", "luna", "--json")) == {"tenant": "luna", "serial": 3, "content_of": 1}
    assert json.loads(run("rollback", "luna", "--to", "2", "--json"))["content_of"] == 2
