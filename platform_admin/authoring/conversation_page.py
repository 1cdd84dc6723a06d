"""The conversation editor: one page with four views of one draft, and the requests its islands make.

::

    GET  <slug>/conversation/         the page
    GET  <slug>/conversation/draft    the draft as it stands
    POST <slug>/conversation/draft    {revision, text, edits: [...]}, one of the two or both: saved, checked, drawn
    POST <slug>/conversation/check    the same body, nothing is saved: what would be wrong
    GET  <slug>/conversation/step     the form of one step (?name=), as HTML
    GET  <slug>/conversation/texts    every text customers read, as an HTML table
    GET  <slug>/conversation/schema   the language's JSON Schema, for completion in the YAML view
    POST <slug>/conversation/phone    a script (see ``phone.script``): the chat it leads to; with ``real: {word, chat}``
                                      the business's own connections are asked (``real_switch_page``)

What carries the whole conversation goes out compressed: a text and a map of 200 steps are 277 kB, 16 kB then (3 ms).
There is no secret in it to be guessed by its length (BREACH): the page's token has another mask each time.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flow_engine.language.json_schema import json_schema
from flow_engine.program import ProgramError
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import (
    draft_of,
    json_body,
    known_to,
    model_of,
    program_of,
    sandbox_business,
    stored_settings,
)
from platform_admin.authoring.draft_model import DraftModel, look_ahead
from platform_admin.authoring.editing import Edit, EditError, StaleEditError, apply, read_edit
from platform_admin.authoring.first_conversation import MAIN_FLOW, first_conversation
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.phone import ScriptError, play, read_script
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.real_switch import SwitchedOffError, asked_for_real
from platform_admin.authoring.real_switch_page import read_switch, real_as_json
from platform_admin.authoring.refusal import refused
from platform_admin.authoring.steps import read_step
from platform_admin.authoring.steps.constructs import ACTIONS, COLLECT, TIMEOUT, TRANSITION
from platform_admin.authoring.texts import read_texts
from platform_admin.authoring.typed_upon import keep, typed_upon
from platform_admin.documents.storable import is_storable
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import MAX_SOURCE_BYTES, FlowDraft
from platform_admin.releases.queries import live_release

MAX_EDITS: Final = 100
"""In one request; the page sends what was typed since it was saved last."""

MARK_BYTES: Final = 12
"""Of an answer about what is typed: two that differ have different ones."""


@gzip_page
@place
@require_GET
def conversation_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    draft = draft_of(visit)
    model = model_of(draft)
    live = live_release(visit.tenant)
    begin = {
        "draft": _state(draft, model),
        "business": visit.tenant.name,
        "now": timezone.localtime().isoformat(timespec="minutes"),
        "timezone": visit.tenant.timezone,
        "may_edit": visit.may_edit,
        "language": visit.tenant.language,
        "new": _new_parts(visit),
    }
    context = frame(visit, "conversation") | {
        "begin": begin,
        "live": live,
        "real": asked_for_real(visit) if visit.may_publish else (),
        "phrases": PHRASES,
    }
    return TemplateResponse(request, "authoring/conversation.html", context)


@gzip_page
@place
@require_http_methods(["GET", "POST"])
def draft_state(request: HttpRequest, visit: Visit) -> HttpResponse:
    """409 with both texts when somebody else saved meanwhile; 422 with the reason when an edit cannot be made."""
    draft = draft_of(visit)
    if request.method == "GET":
        return JsonResponse(_state(draft, model_of(draft)))
    asked = json_body(request)
    revision = _revision_in(asked)
    if revision is None:
        return refused(_("This page is out of step. Load it again; what you typed is kept."))
    if revision != draft.revision:
        return _conflict(draft)
    if draft.flow.pk:
        keep(draft.flow.pk, revision, draft.text)  # until the answer is there, people type upon it
    try:
        text = _edited(_given(asked, over=draft.text), _edits_in(asked))
        if not is_storable(text):
            raise EditError(_("The text holds a character that cannot be stored. Delete what you pasted last."))
        model = model_of(draft, text)
        saved = _save(draft, model, visit, revision)
    except EditError as error:
        return refused(str(error))
    except ConflictError:
        return _conflict(draft_of(visit))
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return JsonResponse(_state(saved, model))


@place
@require_POST
def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the text would have wrong in it, while it is being typed.

    ``seen`` is the mark of the answer that the page shows: the same again comes as its mark alone. No mark: the page is
    behind, and nothing can be said.
    """
    asked = json_body(request)
    revision = _revision_in(asked)
    upon = None if revision is None else typed_upon(visit, revision)
    if upon is None:
        return JsonResponse({"mark": None})
    try:
        text = _given(asked, over=upon.text)
        problems = look_ahead(text, _edits_in(asked), upon.file, known_to(visit.tenant))
    except EditError as error:
        return refused(str(error))
    told = json.dumps(problems)
    mark = blake2b(told.encode(), digest_size=MARK_BYTES).hexdigest()
    if mark == asked.get("seen"):
        return JsonResponse({"mark": mark})
    return JsonResponse({"mark": mark, "problems": problems})


@place
@require_GET
def step_form(request: HttpRequest, visit: Visit) -> HttpResponse:
    """404 for a step that is not in the draft (any more)."""
    draft = draft_of(visit)
    document = model_of(draft).document
    try:
        form = read_step(document, request.GET.get("name", ""))
    except StaleEditError as error:
        raise Http404(str(error)) from error
    context = {"form": form, "actions": ACTIONS.items()}
    return TemplateResponse(request, "authoring/parts/step_form.html", context)


@place
@require_GET
def texts(request: HttpRequest, visit: Visit) -> HttpResponse:
    draft = draft_of(visit)
    rows = read_texts(model_of(draft).document)
    return TemplateResponse(request, "authoring/parts/texts.html", {"rows": rows})


@gzip_page
@place
@require_GET
def schema(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - the same for every business
    return JsonResponse(json_schema())


@gzip_page
@place
@require_POST
def phone(request: HttpRequest, visit: Visit) -> HttpResponse:
    """422 when the script is none, or the draft has faults that keep it from running."""
    draft = draft_of(visit)
    model = model_of(draft)
    settings = stored_settings(visit)
    try:
        program = program_of(draft, visit)
        if program is None or model.program is None:
            return refused(_("The phone waits until the problems marked red are mended."))
        asked = json_body(request)
        word, business = asked.pop("real", None), sandbox_business(visit, settings)
        real = None if word is None else read_switch(visit, word, business)
        chat = play(program, model.reasons, read_script(asked), business, real)
    except (ScriptError, ProgramError) as error:
        return refused(str(error))
    except SwitchedOffError as error:
        return JsonResponse({"message": error.message, "real": None}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return JsonResponse(chat.as_json() if real is None else {**chat.as_json(), "real": real_as_json(real)})


def _new_parts(visit: Visit) -> dict[str, JSON]:
    """What "Add" puts into the text, by the name of the part; ``conversation`` is a whole one of a single step."""
    actions: dict[str, JSON] = {name: {"action": name, **construct.new} for name, construct in ACTIONS.items()}
    return {
        "actions": actions,
        "collect": dict(COLLECT.new),
        "timeout": dict(TIMEOUT.new),
        "transition": dict(TRANSITION.new),
        "conversation": first_conversation(visit.tenant),
    }


def _save(draft: FlowDraft, model: DraftModel, visit: Visit, revision: int) -> FlowDraft:
    flow = draft.flow if draft.flow.pk else flows.create_flow(tenant=visit.tenant, name=MAIN_FLOW, by=visit.user)
    return flows.save_draft(flow=flow, text=model.text, by=visit.user, over_revision=revision, faults=model.diagnostics)


def _state(draft: FlowDraft, model: DraftModel) -> JSONObject:
    return {
        "revision": draft.revision,
        "saved_at": draft.updated_at.isoformat() if draft.revision else None,
        "saved_by": str(draft.updated_by) if draft.updated_by else None,
        **model.as_json(),
        "text": model.text,
    }


def _revision_in(asked: JSONObject) -> int | None:
    revision = asked.get("revision")
    return revision if isinstance(revision, int) and not isinstance(revision, bool) else None


def _edited(text: str, edits: list[Edit]) -> str:
    for edit in edits:
        text = apply(text, edit)
    return text


def _edits_in(asked: JSONObject) -> list[Edit]:
    edits = asked.get("edits", [])
    if not isinstance(edits, list) or len(edits) > MAX_EDITS:
        raise EditError(_("Too many changes at once."))
    return [read_edit(edit) for edit in edits]


def _given(asked: JSONObject, *, over: str) -> str:
    """The text that the edits are made in: the one that was sent, or the one it was sent over."""
    if "text" not in asked and "edits" in asked:
        return over
    text = asked.get("text")
    if not isinstance(text, str):
        raise EditError(_("There is no text in this request."))
    if len(text.encode(errors="replace")) > MAX_SOURCE_BYTES:
        raise EditError(_("The text is too long: 256 kB fit."))
    return text.replace("\r\n", "\n")


def _conflict(draft: FlowDraft) -> JsonResponse:
    who = str(draft.updated_by) if draft.updated_by else _("Somebody with access to the server")
    message = _("%(who)s changed this conversation meanwhile.") % {"who": who}
    model = model_of(draft)
    return JsonResponse({"message": message, "theirs": _state(draft, model)}, status=HTTPStatus.CONFLICT)
