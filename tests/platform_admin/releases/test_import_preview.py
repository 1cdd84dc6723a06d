"""What importing would do to the drafts is said before it is done, and whose work would be lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from django.utils import translation

from flow_engine.vocabulary import JSONObject
from platform_admin.business import actions as business
from platform_admin.business.models import BusinessDraft
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import KnowledgeDocument
from platform_admin.releases.actions import publish
from platform_admin.releases.archive import Preview, apply_archive, export_tenant, preview, read_archive
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import COMMAND, FLOW, KNOWLEDGE, sources
from tests.platform_admin.releases.test_archive import archive

pytestmark = pytest.mark.django_db

HOURS: Final[JSONObject] = {"name": "Luna", "hours": {"mon": ["10:00-14:00"]}}
OTHER: Final = FLOW.replace("id: greeting", "id: other")
SETTINGS: Final = "channels: [{type: http_dev}]\nllm: {enabled: false}\n"


@pytest.fixture
def written(luna: Tenant) -> Tenant:
    """Release 1 is live and holds every draft; a second conversation, with a test, stands beside it."""
    business.save_draft(tenant=luna, document=HOURS, by=COMMAND)
    publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE, settings=SETTINGS))
    other = flows.create_flow(tenant=luna, name="other", by=COMMAND)
    flows.save_draft(flow=other, text=OTHER, by=COMMAND)
    flows.keep_version(flow=other, text=OTHER, by=COMMAND)
    for flow in (Flow.objects.for_tenant(luna).get(name="main"), other):
        for name in ("a.yaml", "b.yaml"):
            flows.save_case(flow=flow, name=name, text="steps: []", by=COMMAND)
    knowledge.expect(tenant=luna, question="¿Abren?", heading="Luna", by=COMMAND)
    knowledge.expect(tenant=luna, question="¿Hay bar?", heading="", by=COMMAND)
    return luna


def looked(tenant: Tenant, files: Mapping[str, str]) -> Preview:
    return preview(tenant=tenant, archive=read_archive(archive(dict(files))), by=COMMAND)


def with_tests(name: str, text: str, **cases: str) -> dict[str, str]:
    """A conversation with the two tests that are there; ``cases`` change, add, or with an empty text leave out."""
    chosen = {"a": "steps: []", "b": "steps: []", **cases}
    tests = {f"flows/{name}/cases/{case}.yaml": body for case, body in chosen.items() if body}
    return {f"flows/{name}.yaml": text, **tests}


SAID: Final[dict[str, tuple[dict[str, str], list[str]]]] = {
    "hours alone": (
        {"business.yaml": "name: Luna\nhours: {mon: ['09:00-14:00']}\n"},
        ["Opening hours on Monday changed from 10:00-14:00 to 09:00-14:00."],
    ),
    "hours within the settings": (
        {"settings.yaml": f"{SETTINGS}business: {{name: Sol, hours: {{mon: ['10:00-14:00']}}}}\n"},
        ["name changed from Luna to Sol."],
    ),
    "hours twice: the file of their own has the last word": (
        {
            "settings.yaml": f"{SETTINGS}business: {{name: Sol}}\n",
            "business.yaml": "name: Luna\nhours: {mon: ['10:00-14:00']}\n",
        },
        [],
    ),
    "settings": (
        {"settings.yaml": SETTINGS + "sentences: {busy: Un momento}\n"},
        ["The standing sentence “busy” is now “Un momento”."],
    ),
    "the FAQ": ({"knowledge.md": "# Luna\n\nCerrado.\n"}, ["The FAQ says something else under Luna."]),
    "another conversation than the main one": (
        with_tests("other", OTHER.replace("De 10:00 a 20:00.", "Nunca.")),
        ["other: Hours says “Nunca.” instead of “De 10:00 a 20:00.”."],
    ),
    "a new conversation": ({"flows/new.yaml": FLOW}, ["New conversation new."]),
    "tests of both": (
        {**with_tests("main", FLOW, a="steps: [{say: x}]", b=""), **with_tests("other", OTHER, b="", c="steps: []")},
        [
            "The test a.yaml is replaced by another one.",
            "The test b.yaml is removed.",
            "other: The test b.yaml is removed.",
            "other: New test c.yaml.",
        ],
    ),
    "an archive without tests takes them all away": (
        {"flows/main.yaml": FLOW},
        ["The test a.yaml is removed.", "The test b.yaml is removed."],
    ),
    "words of nobody": (
        with_tests("main", FLOW + "# a note\n"),
        ["The conversation is written in another way and does the same."],
    ),
    "questions": (
        {
            "questions.yaml": "- {question: '¿Abren?', heading: Horario}\n"
            "- {question: '¿Hay spa?', heading: ''}\n- {question: '¿Y gato?', heading: Gatos}\n"
        },
        [
            "“¿Abren?” must be answered from “Horario”.",
            "“¿Hay bar?” no longer has to be right.",
            "“¿Hay spa?” must not be answered.",
            "“¿Y gato?” must be answered from “Gatos”.",
        ],
    ),
}


@pytest.mark.parametrize(("files", "said"), SAID.values(), ids=SAID)
def test_everything_that_would_be_another_is_said(files: dict[str, str], said: list[str], written: Tenant) -> None:
    seen = looked(written, files)
    assert [change.in_words() for change in seen.changes] == said
    assert (seen.lost, seen.faults) == ((), ())


def test_what_was_exported_from_here_changes_nothing(written: Tenant) -> None:
    seen = preview(tenant=written, archive=read_archive(export_tenant(tenant=written, by=COMMAND)), by=COMMAND)
    assert (seen.changes, seen.lost) == ((), ())


@pytest.mark.parametrize("files", [files for files, said in SAID.values() if said], ids=str)
def test_what_was_said_is_what_happens(files: dict[str, str], written: Tenant) -> None:
    """Looked at once more after it was done, nothing is left to do."""
    apply_archive(tenant=written, archive=read_archive(archive(files)), by=COMMAND)
    assert looked(written, files).changes == ()


MINE: Final = FLOW.replace("De 10:00 a 20:00.", "De 9:00 a 20:00.")


def test_work_that_no_version_holds_is_named_with_who_and_when(written: Tenant, people: dict[str, User]) -> None:
    editor = people["editor"]
    for name in ("main", "other"):
        flow = Flow.objects.for_tenant(written).get(name=name)
        flows.save_draft(flow=flow, text=MINE, by=editor if name == "main" else COMMAND)
    knowledge.save_draft(tenant=written, markdown="# Mine\n", by=editor)
    business.save_draft(tenant=written, document={"name": "Mine"}, by=editor)
    files = {
        **with_tests("main", FLOW),
        **with_tests("other", OTHER),
        "knowledge.md": KNOWLEDGE,
        "business.yaml": "name: Luna\n",
    }
    seen = looked(written, files)
    faq = KnowledgeDocument.objects.for_tenant(written).get()
    hours = BusinessDraft.objects.for_tenant(written).get()
    drafts = {draft.flow.name: draft for draft in FlowDraft.objects.for_tenant(written).select_related("flow")}
    assert [lost.to_json() for lost in seen.lost] == [
        {"area": area, "name": name, "who": who, "at": at.isoformat()}
        for area, name, who, at in (
            ("conversation", "main", str(editor), drafts["main"].updated_at),
            ("conversation", "other", None, drafts["other"].updated_at),
            ("faq", "", str(editor), faq.updated_at),
            ("business", "", str(editor), hours.updated_at),
        )
    ]
    assert seen.lost[0].in_words().startswith("What editor@example.com saved in the conversation main at ")
    with translation.override("es"):
        assert "alguien con acceso al servidor" in seen.lost[1].in_words()


def test_work_that_a_release_holds_or_that_stays_is_not_lost(written: Tenant, people: dict[str, User]) -> None:
    """The draft is the text of an older version again; and the FAQ is not in the archive."""
    flow = Flow.objects.for_tenant(written).get(name="main")
    flows.keep_version(flow=flow, text=MINE, by=COMMAND)
    flows.save_draft(flow=flow, text=FLOW, by=people["editor"])
    knowledge.save_draft(tenant=written, markdown="# Mine\n", by=people["editor"])
    assert looked(written, with_tests("main", FLOW.replace("Horario", "Horas"))).lost == ()
