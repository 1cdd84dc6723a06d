"""How far a business has come on its first day, from what is really there: nothing is ticked off by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.first_day.industries import INDUSTRIES
from platform_admin.business.models import BusinessDraft
from platform_admin.business.queries import draft_of
from platform_admin.credentials.queries import credential_fields
from platform_admin.flows.models import Flow, FlowDraft
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
    there = _There(tenant)
    return tuple(
        FirstStep(name, title, words, do, place, done=is_done(there))
        for name, title, words, do, place, is_done in _STEPS
    )


class _There:
    """What is there, each part read once however many steps ask for it."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    @cached_property
    def flow(self) -> Flow | None:
        return main_flow(self.tenant)

    @cached_property
    def business(self) -> BusinessDraft | None:
        return draft_of(self.tenant)


def _has_conversation(there: _There) -> bool:
    drafts = FlowDraft.objects.for_tenant(there.tenant)
    return there.flow is not None and drafts.filter(flow=there.flow).exclude(text="").exists()


def _has_facts(there: _There) -> bool:
    draft = there.business
    wanted = ("name", "phone", "address", "hours", "services")
    return draft is not None and not draft.faults and all(draft.document.get(key) for key in wanted)


def _has_own_test(there: _There) -> bool:
    return there.flow is not None and bool(set(cases_of(there.flow)) - _shipped_cases())


def _has_channel(there: _There) -> bool:
    """One that customers use, with every secret it needs."""
    business = dict(there.business.document) if there.business else {}
    document, stored = settings_of(there.tenant, business).document, credential_fields(there.tenant)
    channels = () if document is None else document.channels
    return any(
        channel.type != "http_dev"
        and all(f"channels.{index}.{name}" in stored for name in CHANNEL_SECRETS[channel.type])
        for index, channel in enumerate(channels)
    )


def _is_live(there: _There) -> bool:
    return live_release(there.tenant) is not None


_STEPS: Final[tuple[tuple[str, str | Promise, str | Promise, str | Promise, str, Callable[[_There], bool]], ...]] = (
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
    folders = [edition.folder / "cases" for industry in INDUSTRIES for edition in industry.editions]
    return frozenset(file.relative_to(folder).as_posix() for folder in folders for file in folder.rglob("*.yaml"))
