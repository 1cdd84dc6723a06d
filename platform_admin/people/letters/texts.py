"""What the mails say: plain text, short, in the language that is active when they are written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from platform_admin.people.models import Invitation
from platform_admin.people.role_words import role_name
from platform_admin.tenants.models import Role, User


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """``to`` is one address; ``body`` may hold a link that opens something, so it is never logged."""

    to: str
    subject: str
    body: str


def invitation(row: Invitation, link: str) -> Letter:
    business = row.tenant.name
    by = "" if row.invited_by is None else (row.invited_by.name or row.invited_by.email)
    opening = (
        _("%(person)s invites you to work on the front desk of %(business)s, as %(role)s.")
        if by
        else _("You are invited to work on the front desk of %(business)s, as %(role)s.")
    ) % {"person": by, "business": business, "role": role_name(Role(row.role)).lower()}
    days = _("The link is good until %(when)s UTC, once.") % {"when": f"{row.expires_at:%Y-%m-%d %H:%M}"}
    ignore = _("If you do not know what this is about, do nothing.")
    subject = _("Invitation to %(business)s") % {"business": business}
    return Letter(row.email, subject, _paragraphs(opening, _("Accept here:"), link, days, ignore))


def new_password(user: User, link: str) -> Letter:
    opening = _("Somebody asked for a new password for this address. If it was you, set it here:")
    until = _("The link is good for an hour, once.")
    ignore = _("If it was not you, do nothing: your password stays as it is.")
    return Letter(user.email, _("A new password"), _paragraphs(_greeting(user), opening, link, until, ignore))


def set_up(user: User, link: str) -> Letter:
    opening = _("You are now an operator of this Frontdesk. Choose a password here:")
    until = _("The link is good for a day, once. Afterwards you set up a second step for signing in.")
    return Letter(user.email, _("Your account"), _paragraphs(_greeting(user), opening, link, until))


def new_address(user: User, email: str, link: str) -> Letter:
    opening = _("You want to sign in with this address from now on. Confirm it here:")
    until = _("The link is good for a day, once. Until then nothing changes.")
    ignore = _("If you do not know what this is about, do nothing.")
    return Letter(email, _("Confirm your new address"), _paragraphs(_greeting(user), opening, link, until, ignore))


def address_changed(user: User, old: str) -> Letter:
    told = _("From now on you sign in with another address, no longer with this one.")
    return Letter(old, _("Your address was changed"), _paragraphs(_greeting(user), told, _not_you()))


def password_changed(user: User) -> Letter:
    told = _("Your password was changed, and you were signed out everywhere else.")
    return Letter(user.email, _("Your password was changed"), _paragraphs(_greeting(user), told, _not_you()))


def second_factor_changed(user: User, *, is_on: bool) -> Letter:
    if is_on:
        subject, told = _("Second step turned on"), _("From now on you also need a code from your phone to sign in.")
    else:
        subject, told = _("Second step turned off"), _("From now on your password alone is enough to sign in.")
    return Letter(user.email, subject, _paragraphs(_greeting(user), told, _not_you()))


def _greeting(user: User) -> str:
    return _("Hello %(name)s,") % {"name": user.name} if user.name else _("Hello,")


def _not_you() -> str:
    return _("If that was not you, ask for a new password at once and tell whoever runs this Frontdesk.")


def _paragraphs(*lines: str) -> str:
    return "\n\n".join(lines) + "\n"
