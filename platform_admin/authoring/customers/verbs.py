"""What people of the business ask of their bot about one customer: each a request that the runtime fetches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.places import Visit
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.sight.filled_template import filled_template
from platform_admin.sight.free_reply import reply_freely

type Whom = dict[str, str]
"""``channel`` and ``contact``."""

type Asking = Callable[[Visit, Whom, QueryDict], object]


def ask_runtime(verb: str, visit: Visit, form: QueryDict) -> str:
    """Queue it and return the sentence for the person. Raises ``KeyError`` for a verb that is none.

    Raises what ``queue_command`` and ``reply_freely`` raise; roles are checked there.
    """
    ask, said = VERBS[verb]
    ask(visit, {key: str(form[key]) for key in ("channel", "contact") if form.get(key)}, form)
    return str(said)


def _just(kind: CommandKind) -> Asking:
    """The customer's name is all."""

    def ask(visit: Visit, whom: Whom, form: QueryDict) -> None:  # noqa: ARG001 - the same for every button
        queue_command(tenant=visit.tenant, kind=kind, payload={**whom}, by=visit.user)

    return ask


def _reply(visit: Visit, whom: Whom, form: QueryDict) -> None:
    reply_freely(tenant=visit.tenant, whom=whom, text=form.get("text", ""), by=visit.user)


def _template(visit: Visit, whom: Whom, form: QueryDict) -> None:
    user = visit.user
    payload: JSONObject = {**whom, "template": filled_template(visit.tenant, form), "author": user.name or user.email}
    queue_command(tenant=visit.tenant, kind=CommandKind.STAFF_REPLY, payload=payload, by=user)


VERBS: Final[Mapping[str, tuple[Asking, str | Promise]]] = {
    "pause": (_just(CommandKind.PAUSE_CONTACT), gettext_lazy("The bot falls silent for this customer.")),
    "hand-back": (_just(CommandKind.RESUME_CONTACT), gettext_lazy("The bot answers this customer again.")),
    "reply": (_reply, gettext_lazy("On its way to the customer.")),
    "template": (_template, gettext_lazy("On its way to the customer.")),
}
