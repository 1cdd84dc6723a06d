"""Every connector can be built, and every one the flow calls is there."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from connectors.catalog import stand_in_for
from connectors.errors import ConnectorConfigError
from connectors.registry import ConnectorRegistry
from flow_engine.diagnostics import Diagnostic
from flow_engine.language.yaml_reader import Path
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import faulty_settings
from platform_admin.releases.settings_document import SettingsDocument


def connectors(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return faulty_settings(candidate)
    return Outcome.of(_faults(candidate, candidate.settings))


def _faults(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    blocks = connector_blocks(settings, candidate.credential_fields)
    try:
        ConnectorRegistry.from_config(blocks, business=settings.business.to_json())
    except ConnectorConfigError as error:
        for problem in error.problems:
            yield fault("S202", problem, "", _path_named_by(problem))
    for category in sorted(called_connectors(candidate.program)):
        if category not in blocks:
            message = _("The conversation calls %(category)s, which is not connected.") % {"category": category}
            yield fault("S201", message, _("Connect it under connections."), ("connectors",))


def connector_blocks(settings: SettingsDocument, credential_fields: frozenset[str]) -> dict[str, JSONObject]:
    """The connectors as the runtime will have them, with stand-ins for the secrets: building opens no connection."""
    blocks: dict[str, JSONObject] = settings.connector_blocks()
    if not settings.llm.enabled and "llm" not in settings.connectors:
        blocks.pop("llm", None)
    for field in credential_fields:
        root, name, *rest = field.split(".")
        if root == "connectors" and name in blocks and len(rest) == 1:
            blocks[name][rest[0]] = stand_in_for(str(blocks[name].get("type")), rest[0])
    return blocks


def called_connectors(value: JSON) -> set[str]:
    """The categories named by ``invoke_connector`` anywhere in a normalised program."""
    match value:
        case {"action": "invoke_connector", "connector": str(category)}:
            return {category}
        case dict():
            return set().union(*map(called_connectors, value.values()))
        case list():
            return set().union(*map(called_connectors, value))
        case _:
            return set()


def _path_named_by(problem: str) -> Path:
    """A connector's problem begins with the dotted path of the value it is about."""
    return tuple(problem.partition(":")[0].split("."))
