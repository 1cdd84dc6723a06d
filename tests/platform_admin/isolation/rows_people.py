"""The rows of signing in, one's own account, and the people of a business."""

from __future__ import annotations

from typing import Final

from platform_admin.people.models import OneTimeLink
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.row import MEMBERS, SIGNED_IN, Row, Who
from tests.platform_admin.isolation.tables import AUDIT

SESSION: Final = "people.personsession"
NOBODY: Final = (Who.ANONYMOUS,)
NO_SESSION: Final = (Who.ANONYMOUS, Who.RUNTIME)
TWICE: Final = {"password": scenes.NEW_PASSWORD, "again": scenes.NEW_PASSWORD}

NEW_PASSWORD: Final = scenes.link_for(OneTimeLink.Purpose.NEW_PASSWORD)
NEW_ADDRESS: Final = scenes.link_for(OneTimeLink.Purpose.NEW_ADDRESS, email="moved@example.com")

DOOR: Final = (
    Row(route="people:sign_in", least=Who.ANONYMOUS, asked_by=NO_SESSION),
    Row(route="people:sign_in", least=Who.ANONYMOUS, answers=302, asked_by=SIGNED_IN),
    Row(route="people:sign_in", method="POST", least=Who.ANONYMOUS, answers=302, asked_by=NOBODY, given=scenes.account,
        sends=lambda _: {"username": scenes.GUEST, "password": scenes.PASSWORD},
        changes=(SESSION, "tenants.user", "people.attempts", *AUDIT)),
    Row(route="people:sign_in_code", least=Who.ANONYMOUS, answers=302, reason="nobody owes one"),
    Row(route="people:sign_in_code", least=Who.ANONYMOUS, asked_by=NOBODY, given=scenes.owes_code),
    Row(route="people:sign_in_code", method="POST", least=Who.ANONYMOUS, answers=302, asked_by=NOBODY,
        given=scenes.owes_code, changes=(SESSION, "tenants.user", "people.attempts", "people.authenticator", *AUDIT)),
    *(
        Row(route=route, method="POST", least=Who.ANONYMOUS, answers=302, asked_by=who, changes=changes)
        for route in ("people:sign_out", "people:admin_sign_out", "admin:logout")
        for who, changes in ((SIGNED_IN, (SESSION,)), (NO_SESSION, ()))
    ),
    Row(route="people:admin_sign_in", least=Who.ANONYMOUS, answers=302),
    Row(route="people:admin_password", least=Who.ANONYMOUS, answers=302),
    Row(route="people:forgotten", least=Who.ANONYMOUS),
    Row(route="people:forgotten", method="POST", least=Who.ANONYMOUS, sends=lambda _: {"email": "x@example.com"},
        changes=("people.attempts", "jobs.job")),
)  # fmt: skip

# The link in a mail is the key: whoever has it may, signed in or not.
MAIL_LINKS: Final = (
    *(
        Row(route=f"people:{page}_link", with_={"token": "no-such-token"}, least=Who.ANONYMOUS, answers=404,
            changes=("people.attempts",))
        for page in ("new_password", "invitation", "new_address")
    ),
    *(
        Row(route=f"people:{page}", method=method, least=Who.ANONYMOUS, answers=404, reason="no link was opened")
        for page in ("new_password", "invitation", "new_address")
        for method in ("GET", "POST")
    ),
    Row(route="people:new_password_link", least=Who.ANONYMOUS, with_={"token": "no-such-token"}, answers=302,
        given=NEW_PASSWORD, changes=(SESSION, "people.attempts"), reason="whoever was signed in is so no longer"),
    Row(route="people:new_password", least=Who.ANONYMOUS, given=scenes.opened(NEW_PASSWORD, "new-password")),
    Row(route="people:new_password", method="POST", least=Who.ANONYMOUS, answers=302, sends=lambda _: TWICE,
        given=scenes.opened(NEW_PASSWORD, "new-password"),
        changes=(SESSION, "people.onetimelink", "tenants.user", "jobs.job", *AUDIT)),
    Row(route="people:invitation_link", least=Who.ANONYMOUS, with_={"token": "no-such-token"}, answers=302,
        given=scenes.invited, changes=("people.attempts",), asked_by=SIGNED_IN),
    Row(route="people:invitation_link", least=Who.ANONYMOUS, with_={"token": "no-such-token"}, answers=302,
        given=scenes.invited, changes=("people.attempts", SESSION), asked_by=NOBODY),
    Row(route="people:invitation", least=Who.ANONYMOUS, given=scenes.opened(scenes.invited, "invitation")),
    Row(route="people:invitation", method="POST", least=Who.ANONYMOUS, answers=302, asked_by=NOBODY,
        given=scenes.opened(scenes.invited, "invitation"), sends=lambda _: {"name": "Ana", **TWICE},
        changes=(SESSION, "tenants.user", "tenants.membership", "people.invitation", *AUDIT)),
    Row(route="people:invitation", method="POST", least=Who.ANONYMOUS, answers=302, asked_by=(Who.OPERATOR,),
        given=scenes.opened(scenes.invited, "invitation"),
        changes=("tenants.membership", "people.invitation", *AUDIT)),
    Row(route="people:invitation", method="POST", least=Who.ANONYMOUS, answers=302, asked_by=MEMBERS,
        given=scenes.opened(scenes.invited, "invitation"), changes=(SESSION,),
        reason="it is for somebody else: who is signed in is signed out"),
    Row(route="people:new_address_link", least=Who.ANONYMOUS, with_={"token": "no-such-token"}, answers=302,
        given=NEW_ADDRESS, asked_by=SIGNED_IN, changes=("people.attempts",)),
    Row(route="people:new_address", least=Who.ANONYMOUS, given=scenes.opened(NEW_ADDRESS, "new-address")),
    Row(route="people:new_address", method="POST", least=Who.ANONYMOUS, answers=302,
        given=scenes.opened(NEW_ADDRESS, "new-address"),
        changes=("people.onetimelink", "tenants.user", "jobs.job", *AUDIT)),
)  # fmt: skip

ACCOUNT: Final = (
    *(
        Row(route=f"people:{page}", least=Who.VIEWER)
        for page in ("account", "password", "address")
    ),
    Row(route="people:second_factor_set_up", least=Who.VIEWER, changes=("people.authenticator",),
        reason="the page shows a key, which waits for its first code"),
    Row(route="people:second_factor_set_up", method="POST", least=Who.VIEWER, given=scenes.first_code,
        changes=("people.authenticator", "people.recoverycode", "jobs.job", *AUDIT)),
    Row(route="people:second_factor", least=Who.VIEWER, answers=302, reason="nobody here has one: to setting it up"),
    Row(route="people:second_factor", least=Who.VIEWER, given=scenes.second_factor),
    Row(route="people:account", method="POST", least=Who.VIEWER, answers=302, sends=lambda _: {"name": "Ana"},
        changes=("tenants.user", *AUDIT)),
    Row(route="people:password", method="POST", least=Who.VIEWER, sends=lambda _: {}, reason="a form with its faults"),
    Row(route="people:address", method="POST", least=Who.VIEWER, sends=lambda _: {}, reason="a form with its faults"),
    Row(route="people:password", method="POST", least=Who.VIEWER, answers=302, given=scenes.another_session,
        sends=lambda _: {"present": scenes.PASSWORD, **TWICE}, changes=(SESSION, "tenants.user", "jobs.job", *AUDIT)),
    Row(route="people:address", method="POST", least=Who.VIEWER, given=scenes.another_session,
        sends=lambda _: {"present": scenes.PASSWORD, "email": "moved@example.com"},
        changes=("people.attempts", "jobs.job", *AUDIT)),
    Row(route="people:end_other_sessions", method="POST", least=Who.VIEWER, answers=302, given=scenes.another_session,
        changes=(SESSION,)),
    *(
        Row(route=f"people:{verb}", method="POST", least=Who.VIEWER, answers=302, reason="nobody here has one")
        for verb in ("new_codes", "second_factor_off")
    ),
    Row(route="people:new_codes", method="POST", least=Who.VIEWER, given=scenes.second_factor,
        sends=lambda _: {"present": scenes.PASSWORD}, changes=("people.recoverycode", *AUDIT)),
    Row(route="people:second_factor_off", method="POST", least=Who.VIEWER, answers=302, given=scenes.second_factor,
        sends=lambda _: {"present": scenes.PASSWORD},
        changes=("people.authenticator", "people.recoverycode", "jobs.job", *AUDIT)),
    Row(route="people:end_session", with_={"handle": "no-such-session"}, method="POST", least=Who.VIEWER, answers=404),
    Row(route="people:end_session", with_={"handle": "no-such-session"}, method="POST", least=Who.VIEWER, answers=302,
        given=scenes.another_session, changes=(SESSION,)),
)  # fmt: skip

TEAM: Final = (
    Row(route="people:team", least=Who.VIEWER),
    Row(route="people:invite", method="POST", least=Who.OWNER, answers=302,
        sends=lambda _: {"email": "new@example.com", "role": "viewer"},
        changes=("people.invitation", "people.attempts", "jobs.job", *AUDIT)),
    Row(route="people:send_again", from_={"pk": "invitation"}, method="POST", least=Who.OWNER, answers=302,
        changes=("people.invitation", "people.attempts", "jobs.job", *AUDIT)),
    Row(route="people:withdraw", from_={"pk": "invitation"}, method="POST", least=Who.OWNER, answers=302,
        changes=("people.invitation", *AUDIT)),
    Row(route="people:change_role", from_={"pk": "member"}, method="POST", least=Who.OWNER, answers=302,
        sends=lambda _: {"role": "editor"}, changes=("tenants.membership", *AUDIT)),
    Row(route="people:remove_member", from_={"pk": "member"}, method="POST", least=Who.OWNER, answers=302,
        changes=("tenants.membership", *AUDIT)),
    Row(route="people:require_second_factor", method="POST", least=Who.OWNER, answers=302,
        sends=lambda _: {"required": "0"}, changes=AUDIT),
    Row(route="people:tokens", least=Who.OWNER),
    Row(route="people:issue_token", method="POST", least=Who.OWNER,
        sends=lambda _: {"label": "monitor", "scopes": ["bundle"], "days": "30"},
        changes=("tenants.runtimetoken", *AUDIT)),
    Row(route="people:revoke_token", from_={"pk": "token"}, method="POST", least=Who.OWNER, answers=302,
        changes=("tenants.runtimetoken", *AUDIT)),
)  # fmt: skip

PEOPLE: Final = (*DOOR, *MAIL_LINKS, *ACCOUNT, *TEAM)
