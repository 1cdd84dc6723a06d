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


NEWER = FLOW.replace("De 10:00 a 20:00.", "De 9:00 a 20:00.")


def test_versions_are_compared_by_command(luna: Tenant) -> None:
    for text, faq in ((FLOW, "# A\n\nx\n"), (NEWER, "# A\n\ny\n")):
        publish(tenant=luna, by=COMMAND, sources=sources(text, knowledge=faq))
    said = "Hours says “De 9:00 a 20:00.” instead of “De 10:00 a 20:00.”."
    assert run("diff_versions", "luna", "conversation", 1, 2).strip() == said
    assert run("diff_versions", "luna", "conversation", 1).strip() == said
    assert run("diff_versions", "luna", "hours", 1, 1).strip() == "Nothing that people would notice."
    told = json.loads(run("diff_versions", "luna", "release", 1, "--json"))
    assert [change["sentence"] for change in told["changes"]] == [said, "The FAQ says something else under A."]
    with pytest.raises(CommandError, match="There is no version 9"):
        run("diff_versions", "luna", "faq", 9)
    with pytest.raises(CommandError, match="luna has no release 9"):
        run("diff_versions", "luna", "release", 1, 9)


def test_a_version_is_taken_back_by_command_unless_the_draft_is_another_one(luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    publish(tenant=luna, by=COMMAND, sources=sources(NEWER))
    draft = FlowDraft.objects.for_tenant(luna).get()
    with pytest.raises(CommandError, match="somebody with access to the server saved this"):
        run("revert_version", "luna", "conversation", 1, "--over-revision", draft.revision - 1)
    trial = json.loads(run("revert_version", "luna", "conversation", 1, "--dry-run", "--json"))
    assert FlowDraft.objects.for_tenant(luna).get().text == NEWER
    told = json.loads(run("revert_version", "luna", "conversation", 1, "--json"))
    assert {**told, "dry_run": True} == trial
    assert [change["sentence"] for change in told["changes"]] == [
        "Hours says “De 10:00 a 20:00.” instead of “De 9:00 a 20:00.”."
    ]
    assert FlowDraft.objects.for_tenant(luna).get().text == FLOW
