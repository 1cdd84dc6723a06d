"""What ``manage.py fleet backup | copies | restore`` do and say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from platform_admin.errors import ConflictError
from platform_admin.fleet.backups.actions import back_up, refuse_while_running, restore
from platform_admin.fleet.backups.preparing import chosen_copy
from platform_admin.fleet.backups.store import StoreError
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.drivers.errors import DriverError
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import all_deployments, required_deployment
from platform_admin.fleet.substrate import states_of, store_of
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import EXIT_REFUSED, Told
from platform_admin.tenants.queries import tenant_by_slug


def back_up_tenants(slug: str | None, *, by: CommandActor, only_say: bool = False) -> Told:
    """One tenant, or all of this orchestrator's driver; one that cannot be copied stops no other.

    ``only_say``: name them. What a runtime or a store was asked for could not be taken back.
    """
    configuration = FleetConfiguration.from_environment(fleet_environment())
    with _in_our_words():
        states, store = states_of(configuration), store_of(configuration)
    if slug is None:
        running = all_deployments(driver=configuration.driver, place=configuration.place).filter(
            desired=Deployment.Desired.RUNNING
        )
        chosen = list(running.order_by("tenant__slug"))
    else:
        chosen = [required_deployment(tenant_by_slug(slug))]
    if only_say:
        slugs = [deployment.tenant.slug for deployment in chosen]
        return Told("\n".join(f"{slug}: would be copied" for slug in slugs) or "Nothing runs here.", {"would": slugs})
    made, failed = {}, {}
    for deployment in chosen:
        try:
            name, _ = back_up(deployment, states=states, store=store, now=timezone.now(), by=by)
            made[name.tenant] = name.time
        except (ConflictError, DriverError, StoreError, OSError) as error:  # a disk that is full, for one
            elsewhere = _if_elsewhere(deployment, configuration)
            failed[deployment.tenant.slug] = f"{_in_one_line(error).rstrip('.')}.{elsewhere}"
    lines = [f"{tenant}: copied as {time}" for tenant, time in made.items()]
    lines += [f"{tenant}: {reason}" for tenant, reason in failed.items()]
    return Told(
        "\n".join(lines) or "Nothing runs here.", {"made": made, "failed": failed}, EXIT_REFUSED if failed else 0
    )


def list_copies(tenant: Tenant) -> Told:
    with _in_our_words():
        names = store_of(FleetConfiguration.from_environment(fleet_environment())).copies(tenant.slug)
    times = [name.time for name in names]
    return Told("\n".join(times) or f"There is no copy of {tenant.slug}.", {"tenant": tenant.slug, "copies": times})


def restore_tenant(tenant: Tenant, time: str | None, *, by: CommandActor, only_say: bool = False) -> Told:
    configuration = FleetConfiguration.from_environment(fleet_environment())
    deployment = required_deployment(tenant)
    with _in_our_words():
        if only_say:
            refuse_while_running(deployment)
            name = chosen_copy(store_of(configuration), tenant.slug, time=time)
            return Told(f"{tenant.slug}: {name.time} would be put back", {"tenant": tenant.slug, "copy": name.time})
        name = restore(
            deployment,
            wanted_runtime(deployment, configuration, by=by),
            time=time,
            states=states_of(configuration),
            store=store_of(configuration),
            by=by,
        )
    text = f"{tenant.slug}: the copy {name.time} is in place. Start it: manage.py fleet deploy {tenant.slug}"
    if _if_elsewhere(deployment, configuration):
        text += f" --driver {configuration.driver} --place {configuration.place}"
    return Told(text, {"tenant": tenant.slug, "copy": name.time})


def _if_elsewhere(deployment: Deployment, configuration: FleetConfiguration) -> str:
    """A sentence to add; ``""`` where the tenant is this orchestrator's. States may be put where it will be next."""
    place = deployment.place or configuration.place
    if (deployment.driver, place) == (configuration.driver, configuration.place):
        return ""
    ours = f"this is {configuration.driver} at {configuration.place}"
    return f" It runs on {deployment.driver} at {place}, {ours}: ask there."


@contextmanager
def _in_our_words() -> Iterator[None]:
    """A refusal of a substrate or a store is one of the command's."""
    try:
        yield
    except (DriverError, StoreError, OSError) as error:
        raise ConflictError(_in_one_line(error)) from error


def _in_one_line(error: Exception) -> str:
    """Our own words are one line already."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"This machine says: {error.strerror or type(error).__name__}{where}."
    return str(error)
