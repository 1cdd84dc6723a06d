"""The people of one business: who they are, what they may, who is invited.

::

    GET   team/<slug>/                               the people; invitations for owners
    POST  team/<slug>/invite/                        invites by e-mail
    POST  team/<slug>/invitations/<id>/send-again/   a fresh mail
    POST  team/<slug>/invitations/<id>/withdraw/     its link is good no longer
    POST  team/<slug>/people/<id>/role/              another role
    POST  team/<slug>/people/<id>/remove/            out
    POST  team/<slug>/second-step/                   whether everybody needs one
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_admin.errors import ControlPlaneError, NotAllowedError, TooManyAttemptsError
from platform_admin.people.actions import invitations
from platform_admin.people.actions.memberships import remove_member, set_role
from platform_admin.people.actions.second_factor import require_for_tenant
from platform_admin.people.doors import MAIL_ACCOUNT, Try, knock
from platform_admin.people.forms import InviteForm, RoleForm
from platform_admin.people.pages.showing import how_long, own_page, show
from platform_admin.people.queries import members_of, open_invitations
from platform_admin.people.role_words import role_name
from platform_admin.people.visitor import visitor_of
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role, Tenant, User
from platform_admin.tenants.queries import tenants_of


def of_team[**P](
    view: Callable[Concatenate[HttpRequest, User, Tenant, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view on one business. Another's answers as one that never was; a refusal is told on the team's page."""

    @wraps(view)
    def guarded(request: HttpRequest, user: User, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        tenant = tenants_of(user).exclude(status=Tenant.Status.DELETED).filter(slug=slug).first()
        if tenant is None:
            raise Http404
        try:
            return view(request, user, tenant, *args, **kwargs)
        except NotAllowedError:
            return show(request, "not_allowed", status=HTTPStatus.FORBIDDEN, tenant=tenant)
        except ControlPlaneError as error:
            messages.error(request, _said(error))
            return redirect("people:team", tenant.slug)

    return own_page(guarded)  # type: ignore[arg-type] # the slug is taken out in between


@require_GET
@of_team
def team(request: HttpRequest, user: User, tenant: Tenant) -> HttpResponse:
    return _show_team(request, user, tenant, InviteForm())


@require_POST
@of_team
def invite(request: HttpRequest, user: User, tenant: Tenant) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show_team(request, user, tenant, form)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    _count_mail(request, tenant, email)
    try:
        invitations.invite(tenant=tenant, email=email, role=role, by=user, now=timezone.now())
    except ValidationError as error:
        form.add_error("email", error.messages)
        return _show_team(request, user, tenant, form)
    messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": email})
    return redirect("people:team", tenant.slug)


@require_POST
@of_team
def send_again(request: HttpRequest, user: User, tenant: Tenant, pk: int) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    _count_mail(request, tenant, str(pk))
    row = invitations.send_again(tenant=tenant, pk=pk, by=user, now=timezone.now())
    messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": row.email})
    return redirect("people:team", tenant.slug)


@require_POST
@of_team
def withdraw(request: HttpRequest, user: User, tenant: Tenant, pk: int) -> HttpResponse:
    row = invitations.withdraw(tenant=tenant, pk=pk, by=user, now=timezone.now())
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
    return redirect("people:team", tenant.slug)


@require_POST
@of_team
def change_role(request: HttpRequest, user: User, tenant: Tenant, pk: int) -> HttpResponse:
    require_role(user, tenant=tenant, role=Role.OWNER)
    form, person = RoleForm(request.POST), _member(tenant, pk)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        set_role(tenant=tenant, user=person, role=role, by=user)
        messages.success(request, _("%(person)s: %(role)s.") % {"person": person.email, "role": role_name(role)})
    return redirect("people:team", tenant.slug)


@require_POST
@of_team
def remove(request: HttpRequest, user: User, tenant: Tenant, pk: int) -> HttpResponse:
    if pk != user.pk:
        require_role(user, tenant=tenant, role=Role.OWNER)
    person = _member(tenant, pk)
    remove_member(tenant=tenant, user=person, by=user)
    words = {"person": person.email, "business": tenant.name}
    messages.success(request, _("%(person)s no longer belongs to %(business)s.") % words)
    return redirect(settings.LOGIN_REDIRECT_URL) if person == user else redirect("people:team", tenant.slug)


@require_POST
@of_team
def require_second_factor(request: HttpRequest, user: User, tenant: Tenant) -> HttpResponse:
    required, key = request.POST.get("required") == "1", request.session.session_key
    require_for_tenant(tenant=tenant, required=required, by=user, present_session=key)
    said = _("Everybody here needs a second step now.") if required else _("A second step is up to each person now.")
    messages.success(request, said)
    return redirect("people:team", tenant.slug)


def may_manage(user: User, tenant: Tenant) -> bool:
    try:
        require_role(user, tenant=tenant, role=Role.OWNER)
    except NotAllowedError:
        return False
    return True


def _show_team(request: HttpRequest, user: User, tenant: Tenant, form: InviteForm) -> HttpResponse:
    manages = may_manage(user, tenant)
    return show(
        request,
        "team",
        place="team",
        tenant=tenant,
        person=user,
        manages=manages,
        form=form,
        members=members_of(tenant),
        roles=[(str(role), role_name(role)) for role in Role],
        invitations=open_invitations(tenant) if manages else [],
        now=timezone.now(),
    )


def _member(tenant: Tenant, pk: int) -> User:
    person = User.objects.filter(pk=pk, memberships__tenant=tenant).first()
    if person is None:
        raise Http404
    return person


def _count_mail(request: HttpRequest, tenant: Tenant, name: str) -> None:
    attempt = Try(MAIL_ACCOUNT, f"invitation {tenant.pk} {name}")
    knock(attempt, by=visitor_of(request), now=timezone.now(), subject="invitation")


def _said(error: ControlPlaneError) -> str:
    if isinstance(error, TooManyAttemptsError):
        return how_long(error.until, now=timezone.now())
    return error.message
