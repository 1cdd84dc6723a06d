"""The worker's side: finds out whom a letter goes to, makes its link, sends it.

Whether an address belongs to anybody is found out here and nowhere else, so that the page that asked for the mail takes
as long and says the same for everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.core.mail import EmailMessage
from django.utils.translation import override

from flow_engine.vocabulary import JSONObject
from platform_admin.people.actions.invitations import invitation_to_send
from platform_admin.people.actions.links import issue_link
from platform_admin.people.letters import texts
from platform_admin.people.letters.texts import Letter
from platform_admin.people.models import OneTimeLink
from platform_admin.tenants.models import User

type Writer = Callable[[JSONObject, datetime], Letter | None]
"""What the job says and the time → the letter, or nobody to write to."""


def send_letter(payload: JSONObject, now: datetime) -> str:
    """Send one; may be repeated, then its link replaces the first one's. Raises what sending mail raises."""
    name = str(payload["letter"])
    with override(str(payload.get("language", "en")).partition("-")[0]):
        letter = _WRITERS[name](payload, now)
    if letter is None:
        return f"{name}: nobody to write to"
    subject = " ".join(letter.subject.split())
    EmailMessage(subject=subject, body=letter.body, to=[letter.to]).send()
    return f"{name}: sent"


def _invitation(payload: JSONObject, now: datetime) -> Letter | None:
    found = invitation_to_send(pk=int(str(payload["invitation"])), now=now)
    if found is None:
        return None
    invitation, link = found
    return texts.invitation(invitation, link)


def _new_password(payload: JSONObject, now: datetime) -> Letter | None:
    user = User.objects.filter(email=str(payload["email"]), is_active=True).first()
    if user is None:
        return None
    return texts.new_password(user, issue_link(user=user, purpose=OneTimeLink.Purpose.NEW_PASSWORD, now=now))


def _set_up(payload: JSONObject, now: datetime) -> Letter | None:
    user = _person(payload)
    if user is None or user.has_usable_password():
        return None
    return texts.set_up(user, issue_link(user=user, purpose=OneTimeLink.Purpose.SET_UP, now=now))


def _new_address(payload: JSONObject, now: datetime) -> Letter | None:
    user, email = _person(payload), str(payload["email"])
    if user is None or User.objects.filter(email=email).exists():
        return None
    return texts.new_address(
        user, email, issue_link(user=user, purpose=OneTimeLink.Purpose.NEW_ADDRESS, now=now, email=email)
    )


def _address_changed(payload: JSONObject, _now: datetime) -> Letter | None:
    user = _person(payload)
    return None if user is None else texts.address_changed(user, str(payload["email"]))


def _password_changed(payload: JSONObject, _now: datetime) -> Letter | None:
    user = _person(payload)
    return None if user is None else texts.password_changed(user)


def _second_factor_changed(payload: JSONObject, _now: datetime) -> Letter | None:
    user = _person(payload)
    return None if user is None else texts.second_factor_changed(user, is_on=payload["is_on"] is True)


def _person(payload: JSONObject) -> User | None:
    return User.objects.filter(pk=int(str(payload["user"])), is_active=True).first()


_WRITERS: Final[Mapping[str, Writer]] = {
    "invitation": _invitation,
    "new_password": _new_password,
    "set_up": _set_up,
    "new_address": _new_address,
    "address_changed": _address_changed,
    "password_changed": _password_changed,
    "second_factor_changed": _second_factor_changed,
}
