"""The matrix: every address of the control plane, who may use it, and what that changes. One line each.

``Row`` says what the words mean (``row.py``). A new address without a line here fails the build.
"""

from __future__ import annotations

from typing import Final

from tests.fakes import webhook_bodies
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.rows_admin import ADMIN
from tests.platform_admin.isolation.rows_people import PEOPLE
from tests.platform_admin.isolation.tables import AUDIT, COMMAND, RELEASE
from tests.platform_admin.isolation.world import Objects, archive_bytes, report_bytes


def _revision(objects: Objects) -> dict[str, object]:
    return {"revision": objects.flow_draft.revision, "text": objects.flow_draft.text + "\n# a note\n"}


def _faq(objects: Objects) -> dict[str, object]:
    return {"revision": objects.faq_revision, "text": "# Luna\n\nSí.\n"}


def _hours(objects: Objects) -> dict[str, object]:
    return {"revision": objects.hours_revision, "document": {"hours": {"mon": ["10:00-15:00"]}}}


def _chat(_: Objects) -> dict[str, object]:
    return {"now": "2026-11-26T17:05", "moves": [{"do": "say", "text": "hola"}]}


def _contact(objects: Objects) -> dict[str, str]:
    return {"channel": "whatsapp:1", "contact": objects.contact, "conversation": objects.conversation}


# Addresses that anybody may ask.
PUBLIC: Final = (
    Row(route="", least=Who.ANONYMOUS, answers=302, reason="leads to the admin"),
    Row(route="favicon.ico", least=Who.ANONYMOUS, answers=302),
    Row(route="robots.txt", least=Who.ANONYMOUS),
    Row(route="health", least=Who.ANONYMOUS),
    Row(route="csp-report", method="POST", least=Who.ANONYMOUS, answers=204, sends=lambda _: b"{}"),
    Row(route="metrics", least=Who.ANONYMOUS, answers=401, reason="for Prometheus: its own token, no role has it"),
    Row(route="set_language", method="POST", least=Who.ANONYMOUS, answers=302, sends=lambda _: {"language": "es"}),
    Row(
        route="whatsapp_app_webhook", method="POST", least=Who.ANONYMOUS, answers=200,
        changes=("whatsapp.appdelivery",), sends=lambda _: b'{"object":"whatsapp_business_account","entry":[]}',
        headers=lambda body: {"X-Hub-Signature-256": webhook_bodies.sign(body, "app-secret-new")},
        reason="the signature is the key; nobody's session counts",
    ),
)  # fmt: skip

# The runtime of one tenant, by its bearer token.
RUNTIME_API: Final = (
    Row(route="runtime-bundle", least=Who.RUNTIME, changes=("tenants.runtimetoken", "observability.runtimesighting")),
    Row(route="runtime-staged-bundle", least=Who.RUNTIME, answers=404, changes=("tenants.runtimetoken",),
        reason="nothing is staged in the world of the matrix"),
    Row(route="runtime-keys", least=Who.RUNTIME, changes=("tenants.runtimetoken",)),
    Row(route="runtime-commands", least=Who.RUNTIME, changes=("tenants.runtimetoken", "commands.runtimecommand")),
    Row(route="runtime-report", method="POST", least=Who.RUNTIME, sends=lambda _: report_bytes(), as_json=True,
        # A report that tells of nothing leaves no row of its own.
        changes=("tenants.runtimetoken", "observability.runtimesighting", "commands.runtimecommand")),
    Row(route="runtime-export", method="POST", least=Who.RUNTIME, answers=201, sends=lambda _: archive_bytes(),
        changes=("tenants.runtimetoken", "commands.contactexport")),
    Row(route="runtime-copy", from_={"ticket": "ticket_out"}, least=Who.RUNTIME, answers=503,
        changes=("tenants.runtimetoken",), reason="the world of the matrix has no place for copies"),
    Row(route="runtime-copy", from_={"ticket": "ticket_in"}, method="PUT", least=Who.RUNTIME, answers=503,
        sends=lambda _: b"", changes=("tenants.runtimetoken",), reason="the same"),
)  # fmt: skip

# The pages on which business staff write.
AUTHORING: Final = (
    Row(route="authoring:landing", least=Who.VIEWER, answers=302, reason="leads to the business"),
    Row(route="authoring:home", least=Who.VIEWER),
    Row(route="authoring:customers", least=Who.VIEWER),
    Row(route="authoring:customer", least=Who.VIEWER),
    *(
        Row(route="authoring:customer-do", with_={"verb": verb}, method="POST", least=Who.EDITOR, answers=302,
            refuses=302, sends=sends, changes=changes)
        for verb, sends, changes in (
            ("pause", _contact, COMMAND),
            ("hand-back", _contact, COMMAND),
            ("reply", lambda o: {**_contact(o), "text": "Ya voy"}, COMMAND),
        )
    ),
    Row(route="authoring:customer-do", with_={"verb": "template"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, sends=_contact, given=scenes.usable_template, changes=COMMAND),
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
    Row(route="authoring:publish-replay", least=Who.VIEWER),
    Row(route="authoring:publish-replay", method="POST", least=Who.EDITOR, answers=202,
        changes=("credentials.credentialuse", *COMMAND)),
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
    Row(route="authoring:tests", least=Who.VIEWER),
    Row(route="authoring:save-test", method="POST", least=Who.EDITOR, as_json=True,
        sends=lambda o: {"description": "a chat", "script": _chat(o)}, changes=("flows.flowcase", *AUDIT)),
    Row(route="authoring:remove-test", method="POST", least=Who.EDITOR, answers=302,
        changes=("flows.flowcase", *AUDIT)),
)  # fmt: skip

# What operators and staff look at, and its buttons: a refused one leads back with a sentence.
SIGHT: Final = (
    *(
        Row(route=f"sight:{page}", least=Who.VIEWER)
        for page in ("summary", "conversations", "conversation", "hand_offs", "questions", "work", "health",
                     "releases", "release", "said")
    ),
    Row(route="sight:trail", least=Who.OWNER, refuses=404),
    Row(route="sight:trail_export", with_={"form": "csv"}, least=Who.OWNER, refuses=404, changes=AUDIT),
    Row(route="whole_trail", least=Who.OPERATOR, refuses=404),
    Row(route="whole_trail_export", with_={"form": "csv"}, least=Who.OPERATOR, refuses=404, changes=AUDIT),
    Row(route="sight:privacy", least=Who.OWNER, refuses=404),
    Row(route="sight:privacy", method="POST", least=Who.OWNER, refuses=404, answers=302,
        changes=("releases.tenantsettings", *AUDIT)),
    Row(route="sight:erase", method="POST", least=Who.OWNER, refuses=404, answers=302,
        sends=lambda o: {"contact": o.contact, "confirm": o.contact, "channel": "whatsapp:1"},
        changes=(*COMMAND, "privacy.erasure")),
    Row(route="sight:ask_export", method="POST", least=Who.OWNER, refuses=404, answers=302, sends=_contact,
        changes=COMMAND),
    Row(route="sight:download", from_={"command_id": "exported_id"}, least=Who.OWNER, refuses=404, changes=AUDIT),
    *(
        Row(route="sight:do", with_={"verb": verb}, method="POST", least=Who.EDITOR, answers=302, refuses=302,
            sends=sends, changes=COMMAND)
        for verb, sends in (
            ("pause", _contact),
            ("hand_back", _contact),
            ("reply", lambda o: {**_contact(o), "text": "Ya voy"}),
            ("run_task", lambda o: {"task_id": o.task}),
            ("cancel_task", lambda o: {"task_id": o.task}),
            ("resend", lambda o: {"id": o.dead_letter}),
            ("drop", lambda o: {"id": o.dead_letter}),
        )
    ),
    Row(route="sight:do", with_={"verb": "breaker"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"connector": "calendar", "mode": "closed"}, changes=COMMAND),
    *(
        Row(route="sight:do", with_={"verb": verb}, method="POST", least=Who.EDITOR, answers=302, refuses=302,
            sends=lambda o: {"ids": o.question}, changes=("observability.unansweredquestion", *AUDIT))
        for verb in ("questions_answered", "questions_dismissed")
    ),
    Row(route="sight:do", with_={"verb": "rollback"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        sends=lambda _: {"serial": "1"}, changes=RELEASE),
    *(
        Row(route="sight:do", with_={"verb": verb}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
            reason="there is nothing staged and nothing proposed: a sentence, and no change")
        for verb in ("promote", "discard_staged", "approve")
    ),
    Row(route="sight:do", with_={"verb": "promote"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        given=scenes.staged, changes=("releases.stagedrelease", *RELEASE)),
    Row(route="sight:do", with_={"verb": "discard_staged"}, method="POST", least=Who.PUBLISHER, answers=302,
        refuses=302, given=scenes.staged, changes=("releases.stagedrelease", *COMMAND)),
    Row(route="sight:do", with_={"verb": "approve"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        given=scenes.proposed, changes=("releases.proposal", *RELEASE)),
    Row(route="sight:do", with_={"verb": "withdraw"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        changes=("releases.proposal", *AUDIT)),
)  # fmt: skip

CONNECT: Final = (
    Row(route="connect:connections", least=Who.VIEWER),
    Row(route="connect:connection", with_={"category": "calendar", "type_name": "mock_calendar"}, least=Who.OWNER,
        refuses=404),
    Row(route="connect:connection", with_={"category": "calendar", "type_name": "mock_calendar"}, method="POST",
        least=Who.OWNER, refuses=404, answers=302, sends=lambda _: {},
        changes=("releases.tenantsettings", *AUDIT)),
    Row(route="connect:choose", with_={"category": "calendar"}, least=Who.OWNER, refuses=404, answers=302,
        reason="the calendar of the world has no provider: a sentence"),
    Row(route="connect:choose", with_={"category": "calendar"}, method="POST", least=Who.OWNER, refuses=404,
        answers=302, sends=lambda _: {"value": "none"}, reason="the same"),
    Row(route="connect:probe", with_={"category": "calendar"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, reason="the calendar of the world has no provider: a sentence"),
    Row(route="connect:choose", with_={"category": "calendar"}, least=Who.OWNER, refuses=404, given=scenes.calendar,
        changes=("credentials.credentialuse",)),
    Row(route="connect:choose", with_={"category": "calendar"}, method="POST", least=Who.OWNER, refuses=404,
        answers=302, sends=lambda o: {"value": o.calendar_url}, given=scenes.calendar,
        changes=("credentials.credentialuse", "releases.tenantsettings", *AUDIT)),
    Row(route="connect:probe", with_={"category": "calendar"}, method="POST", least=Who.EDITOR, answers=302,
        refuses=302, given=scenes.calendar, changes=("credentials.credentialuse", *AUDIT)),
)  # fmt: skip

ROWS: Final = (*PUBLIC, *RUNTIME_API, *AUTHORING, *SIGHT, *CONNECT, *PEOPLE, *ADMIN)
