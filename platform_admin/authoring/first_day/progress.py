"""How far a business has come on its first day, from what is really there: nothing is ticked off by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.first_day.industries import INDUSTRIES
from platform_admin.business.queries import draft_of
from platform_admin.credentials.queries import credential_fields
from platform_admin.flows.models import FlowDraft
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.releases.channel_documents import CHANNEL_SECRETS
from platform_admin.releases.queries import live_release
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class FirstStep:
    """``place`` is the name of the address where it is done."""

    name: str
    title: str | Promise
    words: str | Promise
    do: str | Promise
    place: str
    done: bool


def first_steps(tenant: Tenant) -> tuple[FirstStep, ...]:
    """In the order in which they are best done; any may be done at any time."""
    return tuple(
        FirstStep(name, title, words, do, place, done=is_done(tenant))
        for name, title, words, do, place, is_done in _STEPS
    )


def _has_conversation(tenant: Tenant) -> bool:
    flow = main_flow(tenant)
    return flow is not None and FlowDraft.objects.for_tenant(tenant).filter(flow=flow).exclude(text="").exists()


def _has_facts(tenant: Tenant) -> bool:
    draft = draft_of(tenant)
    wanted = ("name", "phone", "address", "hours", "services")
    return draft is not None and not draft.faults and all(draft.document.get(key) for key in wanted)


def _has_own_test(tenant: Tenant) -> bool:
    flow = main_flow(tenant)
    return flow is not None and bool(set(cases_of(flow)) - _shipped_cases())


def _has_channel(tenant: Tenant) -> bool:
    """One that customers use, with every secret it needs."""
    document, stored = settings_of(tenant).document, credential_fields(tenant)
    channels = () if document is None else document.channels
    return any(
        channel.type != "http_dev"
        and all(f"channels.{index}.{name}" in stored for name in CHANNEL_SECRETS[channel.type])
        for index, channel in enumerate(channels)
    )


def _is_live(tenant: Tenant) -> bool:
    return live_release(tenant) is not None


_STEPS: Final[tuple[tuple[str, str | Promise, str | Promise, str | Promise, str, Callable[[Tenant], bool]], ...]] = (
    (
        "template",
        _("Choose a template"),
        _("A whole conversation of your trade, with its FAQ and its tests. You change it as you like."),
        _("Open the conversation"),
        "authoring:conversation",
        _has_conversation,
    ),
    (
        "hours",
        _("Write your hours, services, telephone and address"),
        _("Written once, used everywhere: free times, the FAQ, and whether the bot says that you are open."),
        _("Write them"),
        "authoring:hours",
        _has_facts,
    ),
    (
        "try",
        _("Try it on the phone at the side, and keep one chat as a test"),
        _("Book something as a customer would. Nothing is really booked. Then press “Save as a test”."),
        _("Try it"),
        "authoring:conversation",
        _has_own_test,
    ),
    (
        "connect",
        _("Connect WhatsApp and your calendar"),
        _("The calendar on the page of connections; the number together with whoever runs the platform."),
        _("Connect"),
        "connect:connections",
        _has_channel,
    ),
    (
        "publish",
        _("Publish"),
        _("Every check has to hold, then one press. You can go back at any time."),
        _("Review & publish"),
        "authoring:publish",
        _is_live,
    ),
)
"""Name, title, what it is for, what the button says, where it is done, and whether it is."""


@lru_cache(maxsize=1)
def _shipped_cases() -> frozenset[str]:
    folders = [industry.folder / "cases" for industry in INDUSTRIES]
    return frozenset(file.relative_to(folder).as_posix() for folder in folders for file in folder.rglob("*.yaml"))
