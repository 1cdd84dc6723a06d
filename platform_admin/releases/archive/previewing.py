"""What importing an archive would do to the drafts, in sentences, before anything is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop as _

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSONObject
from platform_admin.business.queries import draft_of
from platform_admin.business.reading import check_business, read_business_file
from platform_admin.changes import Area, Change, business_changes, flow_changes, knowledge_changes, settings_changes
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.queries import document_of, expectations_of
from platform_admin.releases.archive.document import BUSINESS, SETTINGS, Archive, FlowText
from platform_admin.releases.archive.lost_draft import LostDraft, lost_business, lost_conversation, lost_faq
from platform_admin.releases.archive.new_numbers import refuse_new_numbers
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.releases.sources import SETTINGS_COLUMNS, settings_of
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing would do. ``faults`` of settings and business settings keep it from being applied.

    Faults of a flow do not: a draft may have some. ``changes`` are those against the drafts, of every conversation,
    its tests, the questions that must be right, and the rest. ``lost`` is work that would be written over and that no
    version holds. ``flows`` are the names of the archive's conversations.
    """

    changes: tuple[Change, ...]
    lost: tuple[LostDraft, ...]
    faults: tuple[Diagnostic, ...]
    flow_faults: tuple[Diagnostic, ...]
    flows: tuple[str, ...]


def preview(*, tenant: Tenant, archive: Archive, by: Actor) -> Preview:
    """Stores nothing. Raises ``ConflictError`` for a WhatsApp number that is new here."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    refuse_new_numbers(tenant=tenant, archive=archive, by=by)
    main, stored = main_flow(tenant), {flow.name: flow for flow in Flow.objects.for_tenant(tenant)}
    main_name = next(iter(archive.flows), "") if main is None else main.name
    business = _business(archive)
    changes = [
        change
        for name, flow in archive.flows.items()
        for change in _conversation(stored.get(name), flow, "" if name == main_name else name)
    ]
    document = document_of(tenant)
    if archive.knowledge is not None:
        changes += knowledge_changes("" if document is None else document.draft, archive.knowledge)
    if archive.questions is not None:
        changes += _questions(expectations_of(tenant), archive.questions)
    if business is not None:
        changes += business_changes(_stored_business(tenant), business)
    readings = [read_flow(flow.text, file=f"{name}.yaml").diagnostics for name, flow in archive.flows.items()]
    return Preview(
        changes=(*changes, *changed_settings(tenant, archive)),
        lost=tuple(_lost(tenant, archive, stored, business)),
        faults=faults_of(archive),
        flow_faults=tuple(fault for faults in readings for fault in faults if fault.severity is Severity.ERROR),
        flows=tuple(archive.flows),
    )


def faults_of(archive: Archive) -> tuple[Diagnostic, ...]:
    """Those that keep an archive out."""
    settings = () if archive.settings is None else read_settings_file(archive.settings, file=SETTINGS).faults
    hours = () if archive.business is None else read_business_file(archive.business, file=BUSINESS).faults
    return (*settings, *hours)


def _conversation(flow: Flow | None, wanted: FlowText, within: str) -> Iterator[Change]:
    """``within`` names a conversation that is not the one of the releases."""
    if flow is None and within:
        yield Change(Area.CONVERSATION, _("New conversation {subject}."), within, None, within)
        return
    draft = None if flow is None else FlowDraft.objects.for_tenant(flow.tenant).filter(flow=flow).first()
    text = "" if draft is None else draft.text
    changes = flow_changes(text, wanted.text)
    if not changes and text != wanted.text:
        yield Change(
            Area.CONVERSATION, _("The conversation is written in another way and does the same."), within=within
        )
    for change in changes:
        yield replace(change, within=within)
    for change in _tests({} if flow is None else cases_of(flow), dict(wanted.cases)):
        yield replace(change, within=within)


def _tests(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if now is None:
            yield Change(Area.CONVERSATION, _("The test {subject} is removed."), name, was, None)
        elif was is None:
            yield Change(Area.CONVERSATION, _("New test {subject}."), name, None, now)
        elif was != now:
            yield Change(Area.CONVERSATION, _("The test {subject} is replaced by another one."), name, was, now)


def _questions(old: tuple[Expectation, ...], new: tuple[Expectation, ...]) -> Iterator[Change]:
    before, after = ({one.question: one.heading for one in side} for side in (old, new))
    for question in dict.fromkeys((*before, *after)):
        was, now = before.get(question), after.get(question)
        if now is None:
            yield Change(Area.FAQ, _("“{subject}” no longer has to be right."), question, was, None)
        elif was != now and now:
            yield Change(Area.FAQ, _("“{subject}” must be answered from “{new}”."), question, was, now)
        elif was != now:
            yield Change(Area.FAQ, _("“{subject}” must not be answered."), question, was, now)


def _business(archive: Archive) -> JSONObject | None:
    """What the archive says of the business; a file of its own has the last word. ``None`` where it says nothing."""
    if archive.business is not None:
        own = read_business_file(archive.business, file=BUSINESS).document
        return None if own is None else own.to_json()
    settings = None if archive.settings is None else read_settings_file(archive.settings, file=SETTINGS).document
    return settings.business.to_json() if settings and "business" in settings.model_fields_set else None


def _stored_business(tenant: Tenant) -> JSONObject:
    draft = draft_of(tenant)
    written: JSONObject = {} if draft is None else dict(draft.document)
    reading = check_business(written)
    return written if reading.document is None else reading.document.to_json()


def brings_other_settings(tenant: Tenant, archive: Archive) -> bool:
    """Whether anything of them would be another, also what is no change to a reader.

    The order of two numbers is none, and their secrets are kept by it.
    """
    wanted = None if archive.settings is None else read_settings_file(archive.settings, file=SETTINGS).document
    stored = settings_of(tenant, {}).document
    if wanted is None or stored is None:
        return bool(changed_settings(tenant, archive))
    return _plain(stored) != _plain(wanted)


def changed_settings(tenant: Tenant, archive: Archive) -> tuple[Change, ...]:
    """What becomes of the settings. Both sides with every default written out: what nobody wrote is no change."""
    wanted = None if archive.settings is None else read_settings_file(archive.settings, file=SETTINGS).document
    if wanted is None:
        return ()
    stored = settings_of(tenant, {}).document
    return settings_changes(_as_written(tenant) if stored is None else _plain(stored), _plain(wanted))


def _as_written(tenant: Tenant) -> JSONObject:
    row = TenantSettings.objects.for_tenant(tenant).first()
    return {} if row is None else {name: getattr(row, name) for name in SETTINGS_COLUMNS}


def _plain(settings: SettingsDocument) -> JSONObject:
    plain: JSONObject = settings.model_dump(mode="json")
    return plain


def _lost(
    tenant: Tenant, archive: Archive, stored: dict[str, Flow], business: JSONObject | None
) -> Iterator[LostDraft]:
    for name, flow in archive.flows.items():
        if name in stored:
            yield from lost_conversation(stored[name], flow.text)
    if archive.knowledge is not None:
        yield from lost_faq(tenant, archive.knowledge)
    if business is not None:
        yield from lost_business(tenant, business)
