"""The use log in words, for the page of a credential and for the owner on *Connections*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_admin.credentials.models import UseOfCredential
from platform_admin.credentials.purpose import Purpose

_WHAT: Final[Mapping[str, str | Promise]] = {
    Purpose.RELEASE: gettext_lazy("put into release %(about)s"),
    Purpose.REPLAY: gettext_lazy("put into what the bot replays conversations with"),
    Purpose.PROBE: gettext_lazy("asked the other side whether it works"),
    Purpose.CHOICES: gettext_lazy("asked the other side what there is to pick"),
    Purpose.TRYING_OUT: gettext_lazy("tried the conversation with the real connections"),
    Purpose.QUESTION: gettext_lazy("tried a free question"),
    Purpose.TEMPLATES: gettext_lazy("fetched the message templates"),
    Purpose.PROOF: gettext_lazy("asked Meta whether the number is yours"),
}
_COMMAND: Final = "manage.py "
"""How the names of what is no person begin."""


def what_for(use: UseOfCredential) -> str:
    """What the secret was opened for."""
    return str(_WHAT.get(use.purpose, use.purpose)) % {"about": use.about}


def by_whom(use: UseOfCredential) -> str:
    """A person by her address; what runs by itself, or by hand on the server, as the platform."""
    if use.who.startswith(_COMMAND):
        return _("the platform (%(command)s)") % {"command": use.who.removeprefix(_COMMAND)}
    return use.who


def last_use(uses: Iterable[UseOfCredential]) -> str:
    """A sentence about the newest of them; empty when there is none."""
    newest = max(uses, key=lambda use: use.at, default=None)
    if newest is None:
        return ""
    when = date_format(localtime(newest.at), "SHORT_DATETIME_FORMAT")
    return _("Last used on %(when)s by %(who)s: %(what)s.") % {
        "when": when, "who": by_whom(newest), "what": what_for(newest),
    }  # fmt: skip
