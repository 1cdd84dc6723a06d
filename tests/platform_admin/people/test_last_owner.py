"""A business never loses its last owner who can sign in, whichever way somebody tries."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.people.actions.accounts import save_user
from platform_admin.people.actions.memberships import remove_member, set_role
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import AuditEntry, Membership, Role, Tenant, User
from tests.platform_admin.business import COMMAND, provisioned

pytestmark = pytest.mark.django_db


def demote(tenant: Tenant, user: User, by: Actor) -> None:
    set_role(tenant=tenant, user=user, role=Role.PUBLISHER, by=by)


def remove(tenant: Tenant, user: User, by: Actor) -> None:
    remove_member(tenant=tenant, user=user, by=by)


def deactivate(_tenant: Tenant, user: User, _by: Actor) -> None:
    user.is_active = False
    save_user(user=user, changed=["is_active"], by=COMMAND)


type Way = Callable[[Tenant, User, Actor], None]

WAYS: dict[str, Way] = {"demoted": demote, "removed": remove, "made inactive": deactivate}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("by_operator", [False, True], ids=["by themselves", "by an operator"])
def test_the_last_owner_stays(
    way: Way, by_operator: bool, luna: Tenant, people: dict[str, User], operator: User
) -> None:
    before = list(Membership.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(ConflictError, match="would have no owner left"):
        way(luna, people["owner"], operator if by_operator else people["owner"])
    assert (list(Membership.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    assert User.objects.get(pk=people["owner"].pk).is_active


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_one_of_two_owners_may_go(way: Way, luna: Tenant, people: dict[str, User]) -> None:
    set_role(tenant=luna, user=people["editor"], role=Role.OWNER, by=people["owner"])
    way(luna, people["owner"], people["editor"])
    active = Membership.objects.filter(tenant=luna, role=Role.OWNER, user__is_active=True)
    assert [membership.user for membership in active] == [people["editor"]]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_owner_who_may_not_sign_in_does_not_count(way: Way, luna: Tenant, people: dict[str, User]) -> None:
    set_role(tenant=luna, user=people["editor"], role=Role.OWNER, by=people["owner"])
    deactivate(luna, people["editor"], COMMAND)
    with pytest.raises(ConflictError):
        way(luna, people["owner"], people["owner"])


def test_the_last_operator_stays_too(operator: User) -> None:
    for field in ("is_active", "is_superuser"):
        operator.refresh_from_db()
        setattr(operator, field, False)
        with pytest.raises(ConflictError, match="no operator left"):
            save_user(user=operator, changed=[field], by=COMMAND)
    operator.refresh_from_db()
    assert (operator.is_active, operator.is_superuser) == (True, True)


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor", "publisher"])
def test_below_owner_nobody_gives_or_takes_roles(role: str, luna: Tenant, people: dict[str, User]) -> None:
    before = list(Membership.objects.order_by("pk").values())
    with pytest.raises(NotAllowedError):
        set_role(tenant=luna, user=people["stranger"], role=Role.VIEWER, by=people[role])
    with pytest.raises(NotAllowedError):
        remove_member(tenant=luna, user=people["owner"], by=people[role])
    assert list(Membership.objects.order_by("pk").values()) == before


def test_an_owner_gives_roles_in_the_own_business_only(luna: Tenant, sol: Tenant, people: dict[str, User]) -> None:
    set_role(tenant=luna, user=people["stranger"], role=Role.EDITOR, by=people["owner"])
    with pytest.raises(NotAllowedError):
        set_role(tenant=sol, user=people["owner"], role=Role.OWNER, by=people["owner"])
    assert Membership.objects.get(user=people["stranger"]).role == Role.EDITOR
    assert not Membership.objects.filter(tenant=sol).exists()


def test_the_trail_says_which_role_it_was_and_became(luna: Tenant, people: dict[str, User]) -> None:
    set_role(tenant=luna, user=people["viewer"], role=Role.EDITOR, by=people["owner"])
    remove_member(tenant=luna, user=people["viewer"], by=people["owner"])
    entries = AuditEntry.objects.filter(subject="viewer@example.com").order_by("pk")
    assert [(entry.verb, entry.before, entry.after) for entry in entries] == [
        ("set role", "viewer", "editor"),
        ("removed role", "editor", None),
    ]


def test_anybody_may_leave(luna: Tenant, people: dict[str, User]) -> None:
    remove_member(tenant=luna, user=people["viewer"], by=people["viewer"])
    assert not Membership.objects.filter(user=people["viewer"]).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [demote, remove], ids=["demote", "remove"])
def test_two_owners_who_throw_each_other_out_at_the_same_moment_leave_one(way: Way) -> None:
    assert connection.vendor == "postgresql"
    tenant = provisioned("luna").tenant
    owners = [User.objects.create_user(f"owner{number}@example.com", "x") for number in range(2)]
    for owner in owners:
        Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
    together = threading.Barrier(2)

    def throw_out(mine: int) -> str:
        try:
            together.wait(timeout=30)
            way(tenant, owners[1 - mine], owners[mine])
        except (ConflictError, NotAllowedError) as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(throw_out, range(2)))
    # Who comes second is no owner any more when the other's change is done.
    assert results == ["NotAllowedError", "done"]
    assert Membership.objects.filter(tenant=tenant, role=Role.OWNER, user__is_active=True).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_the_same_moment_leave_one() -> None:
    tenant = provisioned("luna").tenant
    owners = [User.objects.create_user(f"owner{number}@example.com", "x") for number in range(2)]
    for owner in owners:
        Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
    together = threading.Barrier(2)

    def leave(owner: User) -> str:
        try:
            together.wait(timeout=30)
            remove_member(tenant=tenant, user=owner, by=owner)
        except ConflictError as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, owners)) == ["ConflictError", "done"]
    assert Membership.objects.filter(tenant=tenant, role=Role.OWNER).count() == 1
