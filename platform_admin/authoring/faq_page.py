"""FAQ: the business's own document, rendered beside its text, its facts filled in, and tried with questions.

::

    GET  <slug>/faq/         the page
    GET  <slug>/faq/draft    the text as it stands
    POST <slug>/faq/draft    {revision, text}: saved and rendered
    POST <slug>/faq/ask      {question}: what a customer would be told, and why; ``llm`` in the words of the business's
                             own language model, for who may edit: it costs
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flow_engine.vocabulary import JSON
from platform_admin.authoring.draft_access import json_body
from platform_admin.authoring.faq import tried_as_json
from platform_admin.authoring.faq_access import ask as ask_faq
from platform_admin.authoring.faq_access import document_for, facts_for, gaps_of, state_of, worded_by_llm
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.refusal import refused
from platform_admin.documents.storable import is_storable
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.knowledge import actions as knowledge
from platform_admin.releases.queries import live_release

MAX_QUESTION: Final = 1000
"""As long as a question that a runtime reports."""


@place
@require_GET
def faq_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    document = document_for(visit)
    facts: list[JSON] = [
        {"key": fact.key, "title": fact.title, "text": fact.text} for fact in facts_for(visit) if fact.listed
    ]
    context = frame(visit, "faq") | {
        "live": live_release(visit.tenant),
        "phrases": PHRASES,
        "begin": {
            "draft": state_of(visit, document),
            "may_edit": visit.may_edit,
            "facts": facts,
            "gaps": gaps_of(visit, document),
        },
    }
    return TemplateResponse(request, "authoring/faq.html", context)


@place
@require_http_methods(["GET", "POST"])
def faq_draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """409 with both texts when somebody else saved meanwhile."""
    if request.method == "GET":
        return JsonResponse(state_of(visit, document_for(visit)))
    asked = json_body(request)
    revision, text = asked.get("revision"), asked.get("text")
    if not isinstance(revision, int) or isinstance(revision, bool) or not isinstance(text, str):
        return refused(_("This page is out of step. Load it again; what you typed is kept."))
    return save_text(visit, revision, text.replace("\r\n", "\n"))


@place
@require_POST
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    question = json_body(request).get("question")
    if not isinstance(question, str) or not question.strip():
        return refused(_("Write a question first."))
    asked = question[:MAX_QUESTION]
    tried = tried_as_json(ask_faq(visit, asked))
    worded = worded_by_llm(visit, asked) if visit.may_edit else None
    return JsonResponse({**tried, "llm": None if worded is None else {"reached": worded.reached, "text": worded.text}})


def save_text(visit: Visit, revision: int, text: str) -> JsonResponse:
    """The new state, or in words why nothing was saved."""
    if not is_storable(text):
        return refused(_("The text holds a character that cannot be stored. Delete what you pasted last."))
    try:
        saved = knowledge.save_draft(tenant=visit.tenant, markdown=text, by=visit.user, over_revision=revision)
    except ConflictError as error:
        theirs = state_of(visit, document_for(visit))
        return JsonResponse({"message": error.message, "theirs": theirs}, status=HTTPStatus.CONFLICT)
    except ValidationError:
        return refused(_("The text is too long for an FAQ."))
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return JsonResponse(state_of(visit, saved))
