"""The keys with which a business's runtime, or a monitor, comes in.

::

    GET   team/<slug>/tokens/              the live ones: what each opens, until when, used when
    POST  team/<slug>/tokens/issue/        a new one, shown once
    POST  team/<slug>/tokens/<id>/revoke/  it opens nothing any longer
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_admin.people.forms import TokenForm
from platform_admin.people.pages.showing import show
from platform_admin.people.pages.team import of_team
from platform_admin.people.queries import tokens_of
from platform_admin.people.role_words import scope_meaning
from platform_admin.tenants.actions import issue_runtime_token, revoke_runtime_token
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role, RuntimeToken, Scope, Tenant, User


@require_GET
@of_team
def tokens(request: HttpRequest, user: User, tenant: Tenant) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    return _show(request, tenant, TokenForm())


@require_POST
@of_team
def issue(request: HttpRequest, user: User, tenant: Tenant) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, tenant, form)
    issued = issue_runtime_token(
        tenant=tenant,
        by=user,
        label=form.cleaned_data["label"],
        scopes=tuple(map(Scope, form.cleaned_data["scopes"])),
        expires_at=timezone.now() + timedelta(days=form.cleaned_data["days"]),
    )
    return show(request, "token_issued", place="tokens", manages=True, tenant=tenant, token=issued.clear)


@require_POST
@of_team
def revoke(request: HttpRequest, user: User, tenant: Tenant, pk: int) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    token = RuntimeToken.objects.for_tenant(tenant).filter(pk=pk).first()
    if token is None:
        raise Http404
    revoke_runtime_token(token=token, by=user)
    messages.success(request, _("%(token)s opens nothing any longer.") % {"token": str(token)})
    return redirect("people:tokens", tenant.slug)


def _show(request: HttpRequest, tenant: Tenant, form: TokenForm) -> HttpResponse:
    rows = [
        (token, [scope_meaning(Scope(scope)) for scope in token.scopes])
        for token in tokens_of(tenant, now=timezone.now())
    ]
    return show(request, "tokens", place="tokens", manages=True, tenant=tenant, form=form, rows=rows)
