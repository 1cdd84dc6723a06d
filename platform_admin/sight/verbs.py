"""The buttons: each a POST that asks the runtime for something, or changes a row here, and leads back to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.errors import ControlPlaneError, HasFaultsError, NotThereError
from platform_admin.observability.actions import settle_questions
from platform_admin.observability.models import UnansweredQuestion
from platform_admin.releases import actions as releases
from platform_admin.releases import proposals
from platform_admin.sight.access import of_tenant
from platform_admin.sight.filled_template import filled_template
from platform_admin.sight.free_reply import reply_freely
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.scoped_admin import signed_in

_MOST_IDS: Final = 2_000

type Verb = Callable[[HttpRequest, Tenant], str]
"""Does it and returns the sentence for the person. Raises the control plane's errors."""


@require_POST
@of_tenant
def do(request: HttpRequest, tenant: Tenant, verb: str) -> HttpResponse:
    """``next`` names the page to go back to, by the name of its tab and nothing else."""
    act = VERBS.get(verb)
    if act is None:
        raise Http404
    try:
        messages.success(request, act(request, tenant))
    except HasFaultsError as error:
        messages.error(request, " ".join([error.message, *(fault.message for fault in error.faults[:5])]))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    tab, conversation = request.POST.get("next", ""), request.POST.get("conversation", "")
    if tab == "conversation" and conversation:
        return redirect("sight:conversation", tenant.slug, conversation)
    return redirect(f"sight:{tab}" if tab in _TABS else "sight:summary", tenant.slug)


_TABS: Final = frozenset({"summary", "conversations", "hand_offs", "questions", "work", "health", "releases"})


def _ask(kind: CommandKind, *keys: str, said: Callable[[], str]) -> Verb:
    """A verb that is a request to the runtime, its payload taken from the form."""

    def ask(request: HttpRequest, tenant: Tenant) -> str:
        payload: JSONObject = {key: request.POST[key] for key in keys if request.POST.get(key)}
        queue_command(tenant=tenant, kind=kind, payload=payload, by=signed_in(request))
        return said()

    return ask


def _reply(request: HttpRequest, tenant: Tenant) -> str:
    whom = {key: request.POST[key] for key in _CONTACT if request.POST.get(key)}
    reply_freely(tenant=tenant, whom=whom, text=request.POST.get("text", ""), by=signed_in(request))
    return _("On its way to the customer.")


def _template(request: HttpRequest, tenant: Tenant) -> str:
    user = signed_in(request)
    whom: JSONObject = {key: request.POST[key] for key in _CONTACT if request.POST.get(key)}
    payload = {**whom, "template": filled_template(tenant, request.POST), "author": user.name or user.email}
    queue_command(tenant=tenant, kind=CommandKind.STAFF_REPLY, payload=payload, by=user)
    return _("On its way to the customer.")


def _settle(state: UnansweredQuestion.State) -> Verb:
    def settle(request: HttpRequest, tenant: Tenant) -> str:
        ids = [int(part) for part in request.POST.get("ids", "").split(",")[:_MOST_IDS] if part.isdecimal()]
        count = settle_questions(tenant=tenant, ids=ids, state=state, by=signed_in(request))
        return _("%(count)s questions are off the list.") % {"count": count}

    return settle


def _rollback(request: HttpRequest, tenant: Tenant) -> str:
    serial = request.POST.get("serial", "")
    if not serial.isdecimal():
        raise NotThereError(_("Choose a release to go back to."))
    new = releases.rollback(tenant=tenant, to_serial=int(serial), by=signed_in(request))
    return _("Release %(new)s has the content of release %(old)s and is live now.") % {"new": new.serial, "old": serial}


def _promote(request: HttpRequest, tenant: Tenant) -> str:
    release = releases.promote(tenant=tenant, by=signed_in(request))
    return _("Release %(serial)s is for everybody now.") % {"serial": release.serial}


def _discard(request: HttpRequest, tenant: Tenant) -> str:
    releases.discard_staged(tenant=tenant, by=signed_in(request))
    return _("The test release is put away.")


def _approve(request: HttpRequest, tenant: Tenant) -> str:
    proposal = proposals.proposal_meant(tenant=tenant, number=request.POST.get("proposal", ""))
    release = proposals.approve(proposal=proposal, by=signed_in(request))
    return _("Published as release %(serial)s.") % {"serial": release.serial}


def _withdraw(request: HttpRequest, tenant: Tenant) -> str:
    proposal = proposals.proposal_meant(tenant=tenant, number=request.POST.get("proposal", ""))
    proposals.withdraw(proposal=proposal, by=signed_in(request))
    return _("The proposal is withdrawn.")


_CONTACT: Final = ("channel", "contact")

VERBS: Final[dict[str, Verb]] = {
    "pause": _ask(CommandKind.PAUSE_CONTACT, *_CONTACT, said=lambda: _("The bot falls silent for this customer.")),
    "hand_back": _ask(CommandKind.RESUME_CONTACT, *_CONTACT, said=lambda: _("The bot answers this customer again.")),
    "reply": _reply,
    "template": _template,
    "run_task": _ask(CommandKind.RUN_TASK, "task_id", said=lambda: _("The task runs now.")),
    "cancel_task": _ask(CommandKind.CANCEL_TASK, "task_id", said=lambda: _("The task will not run.")),
    "resend": _ask(CommandKind.RESEND_DEAD_LETTER, "id", said=lambda: _("It is tried again.")),
    "drop": _ask(CommandKind.DROP_DEAD_LETTER, "id", said=lambda: _("It is given up.")),
    "breaker": _ask(CommandKind.BREAKER, "connector", "mode", said=lambda: _("The breaker is set.")),
    "questions_answered": _settle(UnansweredQuestion.State.ANSWERED),
    "questions_dismissed": _settle(UnansweredQuestion.State.DISMISSED),
    "rollback": _rollback,
    "promote": _promote,
    "discard_staged": _discard,
    "approve": _approve,
    "withdraw": _withdraw,
}
"""What a button may be called. Roles are checked by the actions."""
