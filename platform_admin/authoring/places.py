"""The six places of the authoring pages, and what every page shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from platform_admin.tenants.actor import role_in
from platform_admin.tenants.customers_words import reads_words
from platform_admin.tenants.local_time import in_local_time
from platform_admin.tenants.models import Role, Tenant, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.utils.functional import Promise

LAST_VISITED: Final = "authoring_business"
"""The key of the session that remembers where somebody was last."""

SHOWN_BUSINESSES: Final = 12
"""Of the others in the menu. Who has more of them runs the platform, and has a list that searches."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the top bar."""

    name: str
    title: Promise
    url_name: str


PLACES: Final = (
    Place("conversation", _("Conversation"), "authoring:conversation"),
    Place("faq", _("FAQ"), "authoring:faq"),
    Place("hours", _("Hours & services"), "authoring:hours"),
    Place("tests", _("Tests"), "authoring:tests"),
    Place("customers", _("Customers"), "authoring:customers"),
    Place("releases", _("Releases"), "authoring:releases"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at which business. ``may_edit``, ``may_publish`` and ``shows_words`` follow the person's role."""

    user: User
    tenant: Tenant
    may_edit: bool
    may_publish: bool
    shows_words: bool = False


def place[**P](
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view of one tenant, named by its slug: signed in, a member.

    A tenant of somebody else answers like one that never was. Nobody needs to be let into the admin for these pages:
    being a member is enough.
    """

    @wraps(view)
    def visited(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        user = signed_in(request)
        tenant = businesses_of(user).filter(slug=slug).first()
        if tenant is None:
            raise Http404("There is no such business.")
        if request.session.get(LAST_VISITED) != slug:
            request.session[LAST_VISITED] = slug
        role = role_in(user, tenant=tenant)
        visit = Visit(
            user,
            tenant,
            may_edit=_reaches(role, Role.EDITOR),
            may_publish=_reaches(role, Role.PUBLISHER),
            shows_words=reads_words(role),
        )
        return in_local_time(tenant, lambda: view(request, visit, *args, **kwargs))

    return signed_in_only(visited)


def signed_in_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever has signed in, and never kept by a browser."""
    guarded: Callable[..., HttpResponse] = never_cache(login_required(view))
    return guarded


def businesses_of(user: User) -> QuerySet[Tenant]:
    """What a person may open here, by name; one that was deleted is gone for everybody."""
    return tenants_of(user).exclude(status=Tenant.Status.DELETED).order_by("name", "slug")


def frame(visit: Visit, current: str) -> dict[str, Any]:
    """The context of the top bar."""
    return {
        "visit": visit,
        "tenant": visit.tenant,
        "tenants": businesses_of(visit.user).exclude(pk=visit.tenant.pk)[:SHOWN_BUSINESSES],
        "places": PLACES,
        "current": current,
    }


def _reaches(role: Role | None, wanted: Role) -> bool:
    return role is not None and role.rank >= wanted.rank
