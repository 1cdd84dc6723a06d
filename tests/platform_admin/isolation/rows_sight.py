"""The rows of what operators and staff look at, and of its buttons: a refused one leads back with a sentence."""

from __future__ import annotations

from typing import Final

from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.contact import contact
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.tables import AUDIT, COMMAND, LETTER, RELEASE

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
    Row(route="sight:ask_export", method="POST", least=Who.OWNER, refuses=404, answers=302, sends=contact,
        changes=COMMAND),
    Row(route="sight:download", from_={"command_id": "exported_id"}, least=Who.OWNER, refuses=404, changes=AUDIT),
    *(
        Row(route="sight:do", with_={"verb": verb}, method="POST", least=Who.EDITOR, answers=302, refuses=302,
            sends=sends, changes=COMMAND)
        for verb, sends in (
            ("pause", contact),
            ("hand_back", contact),
            ("reply", lambda o: {**contact(o), "text": "Ya voy"}),
            ("run_task", lambda o: {"task_id": o.task}),
            ("cancel_task", lambda o: {"task_id": o.task}),
            ("resend", lambda o: {"id": o.dead_letter}),
            ("drop", lambda o: {"id": o.dead_letter}),
        )
    ),
    Row(route="sight:do", with_={"verb": "template"}, method="POST", least=Who.EDITOR, answers=302, refuses=302,
        sends=contact, given=scenes.usable_template, changes=COMMAND),
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
        given=scenes.proposed, changes=("jobs.job", "releases.proposal", *RELEASE)),
    Row(route="sight:do", with_={"verb": "withdraw"}, method="POST", least=Who.PUBLISHER, answers=302, refuses=302,
        given=scenes.proposed, changes=("releases.proposal", *LETTER)),
)  # fmt: skip
