"""The rows of the pages on which business staff write."""

from __future__ import annotations

from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from platform_admin.authoring.copy_page import mark_of
from platform_admin.releases.archive import preview, read_archive
from tests.platform_admin.business import COMMAND as SERVER
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.bodies import tenant_archive
from tests.platform_admin.isolation.contact import contact
from tests.platform_admin.isolation.objects import Objects
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.tables import AUDIT, COMMAND, LETTER, RELEASE


def _revision(objects: Objects) -> dict[str, object]:
    return {"revision": objects.flow_draft.revision, "text": objects.flow_draft.text + "\n# a note\n"}


def _faq(objects: Objects) -> dict[str, object]:
    return {"revision": objects.faq_revision, "text": "# Luna\n\nSí.\n"}


def _hours(objects: Objects) -> dict[str, object]:
    return {"revision": objects.hours_revision, "document": {"hours": {"mon": ["10:00-15:00"]}}}


def _copy(objects: Objects) -> dict[str, object]:
    """An archive with an FAQ alone, and the mark of what it would change."""
    content = tenant_archive({"knowledge.md": "# Luna\n"})
    file = SimpleUploadedFile("luna.zip", content)
    if objects.tenant.slug == "nowhere":
        return {"archive": file, "mark": ""}
    seen = preview(tenant=objects.tenant, archive=read_archive(content), by=SERVER)
    return {"archive": file, "mark": mark_of(content, seen)}


def _chat(_: Objects) -> dict[str, object]:
    return {"now": "2026-11-26T17:05", "moves": [{"do": "say", "text": "hola"}]}


AUTHORING: Final = (
    Row(route="authoring:landing", least=Who.VIEWER, answers=302, reason="leads to the business"),
    Row(route="authoring:home", least=Who.VIEWER),
    Row(route="authoring:customers", least=Who.VIEWER),
    Row(route="authoring:customer", least=Who.VIEWER),
    *(
        Row(route="authoring:customer-do", with_={"verb": verb}, method="POST", least=Who.EDITOR, answers=302,
            refuses=302, sends=sends, changes=changes)
        for verb, sends, changes in (
            ("pause", contact, COMMAND),
            ("hand-back", contact, COMMAND),
            ("reply", lambda o: {**contact(o), "text": "Ya voy"}, COMMAND),
        )
    ),
    Row(route="authoring:customer-do", with_={"verb": "template"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, sends=contact, given=scenes.usable_template, changes=COMMAND),
    Row(route="authoring:faq-answer", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda o: {"revision": o.faq_revision, "under": 0, "title": "Parking", "answer": "Sí.",
                         "question": "¿Hay parking?", "ids": [int(o.question)]},
        changes=("knowledge.knowledgedocument", "knowledge.evaluationquestion", "observability.unansweredquestion",
                 *AUDIT)),
    Row(route="authoring:faq-put-aside", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda o: {"ids": [int(o.question)]}, changes=("observability.unansweredquestion", *AUDIT)),
    Row(route="authoring:faq-expect", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda _: {"question": "¿Hay bar?", "silent": True}, changes=("knowledge.evaluationquestion", *AUDIT)),
    Row(route="authoring:faq-expect-no-more", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda o: {"id": o.expected}, changes=("knowledge.evaluationquestion", *AUDIT)),
    Row(route="authoring:conversation", least=Who.VIEWER),
    Row(route="authoring:conversation-draft", least=Who.VIEWER),
    Row(route="authoring:conversation-draft", method="POST", least=Who.EDITOR, changes=("flows.flowdraft", *AUDIT),
        sends=_revision, as_json=True),
    Row(route="authoring:conversation-check", method="POST", least=Who.VIEWER, sends=_revision, as_json=True),
    Row(route="authoring:conversation-step", least=Who.VIEWER, query=lambda _: {"name": "MENU"}),
    Row(route="authoring:conversation-texts", least=Who.VIEWER),
    Row(route="authoring:conversation-schema", least=Who.VIEWER),
    Row(route="authoring:conversation-people", least=Who.VIEWER),
    Row(route="authoring:conversation-tested", least=Who.VIEWER),
    Row(route="authoring:conversation-links", least=Who.VIEWER),
    Row(route="authoring:conversation-links", method="POST", least=Who.EDITOR,
        changes=("authoring.shareddraft", *AUDIT)),
    Row(route="authoring:conversation-link", from_={"link_id": "link"}, method="POST", least=Who.EDITOR,
        changes=("authoring.shareddraft", *AUDIT)),
    Row(route="try-draft", with_={"token": "no-such-token"}, least=Who.ANONYMOUS, answers=404,
        reason="the link is the key: see tests of the authoring pages"),
    Row(route="try-draft-phone", with_={"token": "no-such-token"}, method="POST", least=Who.ANONYMOUS, answers=404,
        sends=_chat, as_json=True),
    Row(route="try-draft", with_={"token": "no-such-token"}, least=Who.ANONYMOUS, given=scenes.shared),
    Row(route="try-draft-phone", with_={"token": "no-such-token"}, method="POST", least=Who.ANONYMOUS, sends=_chat,
        as_json=True, given=scenes.shared),
    Row(route="authoring:conversation-phone", method="POST", least=Who.VIEWER, sends=_chat, as_json=True),
    Row(route="authoring:conversation-real", method="POST", least=Who.PUBLISHER, sends=lambda _: {"on": False},
        as_json=True, changes=AUDIT),
    Row(route="authoring:faq", least=Who.VIEWER),
    Row(route="authoring:faq-draft", least=Who.VIEWER),
    Row(route="authoring:faq-draft", method="POST", least=Who.EDITOR, sends=_faq, as_json=True,
        changes=("knowledge.knowledgedocument", *AUDIT)),
    Row(route="authoring:faq-ask", method="POST", least=Who.VIEWER, sends=lambda _: {"question": "¿Abren?"},
        as_json=True),
    Row(route="authoring:hours", least=Who.VIEWER),
    Row(route="authoring:hours-draft", least=Who.VIEWER),
    Row(route="authoring:hours-draft", method="POST", least=Who.EDITOR, sends=_hours, as_json=True,
        changes=("business.businessdraft", *AUDIT)),
    Row(route="authoring:publish", least=Who.VIEWER),
    Row(route="authoring:publish-go", method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"do": "publish"},
        changes=("flows.flowversion", "knowledge.knowledgeversion", *RELEASE)),
    Row(route="authoring:publish-go", method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"do": "propose", "note": "new"},
        changes=("flows.flowversion", "knowledge.knowledgeversion", "releases.proposal", *LETTER)),
    Row(route="authoring:publish-go", method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"do": "approve"}, given=scenes.proposed, changes=("jobs.job", "releases.proposal", *RELEASE)),
    Row(route="authoring:publish-go", method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"do": "decline"}, given=scenes.proposed, changes=("releases.proposal", *LETTER)),
    Row(route="authoring:publish-replay", least=Who.VIEWER),
    Row(route="authoring:publish-replay", method="POST", least=Who.EDITOR, answers=202,
        changes=("credentials.useofcredential", *COMMAND)),
    Row(route="authoring:start", least=Who.VIEWER),
    Row(route="authoring:begin", method="POST", least=Who.EDITOR, answers=302, refuses=302,
        sends=lambda _: {"industry": "none"}, reason="no such template: a sentence, and nothing stored"),
    Row(route="authoring:begin", with_={"industry": "hairdresser"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, sends=lambda _: {"industry": "hairdresser"}, reason="a conversation is there: a sentence"),
    Row(route="authoring:begin", with_={"industry": "hairdresser"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, sends=lambda _: {"industry": "hairdresser"}, given=scenes.first_day,
        changes=("flows.flow", "flows.flowdraft", "flows.flowcase", "knowledge.knowledgedocument",
                 "knowledge.evaluationquestion", "business.businessdraft", "releases.tenantsettings", *AUDIT)),
    Row(route="authoring:publish-progress", least=Who.VIEWER),
    Row(route="authoring:releases", least=Who.VIEWER),
    Row(route="authoring:go-back", method="POST", least=Who.PUBLISHER, answers=302, refuses=302, changes=RELEASE),
    *(
        row
        for kind, sends, table in (
            ("conversation", _revision, "flows.flowdraft"),
            ("faq", _faq, "knowledge.knowledgedocument"),
            ("hours", _hours, "business.businessdraft"),
        )
        for row in (
            Row(route="authoring:versions", with_={"kind": kind}, least=Who.VIEWER),
            Row(route="authoring:version", with_={"kind": kind, "number": "1"}, least=Who.VIEWER),
            Row(route="authoring:take-back", with_={"kind": kind, "number": "1"}, method="POST", least=Who.EDITOR,
                answers=302, refuses=302, changes=(table, *AUDIT), sends=sends),
        )
    ),
    Row(route="authoring:copy", least=Who.VIEWER),
    Row(route="authoring:copy-everything", least=Who.VIEWER, changes=AUDIT),
    Row(route="authoring:copy-conversation", least=Who.VIEWER),
    Row(route="authoring:copy-faq", least=Who.VIEWER),
    Row(route="authoring:copy-look", method="POST", least=Who.PUBLISHER, sends=_copy),
    Row(route="authoring:copy-restore", method="POST", least=Who.PUBLISHER, answers=302, refuses=302, sends=_copy,
        changes=("knowledge.knowledgedocument", *AUDIT)),
    Row(route="authoring:releases", least=Who.VIEWER, query=lambda _: {"old": "1", "new": "2"}),
    Row(route="authoring:tests", least=Who.VIEWER),
    Row(route="authoring:save-test", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda o: {"description": "a chat", "script": _chat(o)}, changes=("flows.flowcase", *AUDIT)),
    Row(route="authoring:remove-test", method="POST", least=Who.EDITOR, answers=302,
        changes=("flows.flowcase", *AUDIT)),
)  # fmt: skip
