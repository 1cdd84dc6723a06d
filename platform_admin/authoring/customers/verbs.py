"""What people of the business ask of their bot about one customer: each a request that the runtime fetches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.customers.templates_to_send import sendable_templates
from platform_admin.authoring.places import Visit
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.errors import NotThereError

LONGEST_REPLY: Final = 4_096
"""WhatsApp's limit for a text."""

_LONGEST_BLANK: Final = 1_024
"""WhatsApp's limit for the whole body of a template."""

type Payload = Callable[[Visit, QueryDict], JSONObject]


def ask_runtime(verb: str, visit: Visit, form: QueryDict) -> str:
    """Queue it and return the sentence for the person. Raises ``KeyError`` for a verb that is none.

    Raises what ``queue_command`` raises; roles are checked there.
    """
    kind, payload, said = VERBS[verb]
    whom: JSONObject = {key: str(form[key]) for key in ("channel", "contact") if form.get(key)}
    queue_command(tenant=visit.tenant, kind=kind, payload={**whom, **payload(visit, form)}, by=visit.user)
    return str(said)


def _nothing(visit: Visit, form: QueryDict) -> JSONObject:  # noqa: ARG001 - the customer's name is all
    return {}


def _reply(visit: Visit, form: QueryDict) -> JSONObject:
    text = form.get("text", "").strip()
    if not text:
        raise ValidationError(_("Write something first."))
    if len(text) > LONGEST_REPLY:
        raise ValidationError(_("The reply is too long: WhatsApp takes %(most)s characters.") % {"most": LONGEST_REPLY})
    return {"text": text, "author": visit.user.name or visit.user.email}


def _template(visit: Visit, form: QueryDict) -> JSONObject:
    """The blanks in their order, each filled. Raises ``NotThereError`` for a template that cannot be sent."""
    wanted = (form.get("template", ""), form.get("language", ""))
    found = next((one for one in sendable_templates(visit.tenant) if (one.name, one.language) == wanted), None)
    if found is None:
        raise NotThereError(_("This template is not there any more. Choose another one."))
    filled: list[JSON] = []
    for blank in found.blanks:
        text = " ".join(form.get(f"blank_{blank}", "").split())[:_LONGEST_BLANK]
        if not text:
            raise ValidationError(_("Fill every blank of the template."))
        filled.append({"text": text} if blank.isdecimal() else {"text": text, "name": blank})
    template: JSONObject = {"name": found.name, "language": found.language, "parameters": filled}
    return {"template": template, "author": visit.user.name or visit.user.email}


VERBS: Final[Mapping[str, tuple[CommandKind, Payload, str | Promise]]] = {
    "pause": (CommandKind.PAUSE_CONTACT, _nothing, gettext_lazy("The bot falls silent for this customer.")),
    "hand-back": (CommandKind.RESUME_CONTACT, _nothing, gettext_lazy("The bot answers this customer again.")),
    "reply": (CommandKind.STAFF_REPLY, _reply, gettext_lazy("On its way to the customer.")),
    "template": (CommandKind.STAFF_REPLY, _template, gettext_lazy("On its way to the customer.")),
}
