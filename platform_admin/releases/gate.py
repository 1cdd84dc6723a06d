"""What must hold between flow, knowledge, settings and credentials before they go out together.

Each check is about parts that are sound on their own and would fail a customer together, or that a runtime would
refuse. Codes: S201 a connector the flow calls is not set up, S202 a connector that cannot be built, S203 a secret that
a channel needs is not stored, S204 a stored secret has no place, S205 free questions without what they need, S206 no
channel, S209 a program that the runtime cannot load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.errors import ConnectorConfigError
from connectors.registry import ConnectorRegistry
from flow_engine.diagnostics import Diagnostic
from flow_engine.language.yaml_reader import Path
from flow_engine.program import ProgramError, ProgramSettings, load_program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.releases.settings_document import SettingsDocument, WhatsAppChannel
from platform_admin.releases.settings_places import AS_STORED, SettingsPlaces

WHATSAPP_SECRETS = ("access_token", "app_secret", "verify_token")

_STAND_IN = "stored-credential"
"""Takes the place of a secret while a connector is built for checking; building opens no connection."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is about to go out. ``program`` is ``None`` when the flow has faults of its own."""

    program: JSONObject | None
    has_knowledge: bool
    settings: SettingsDocument
    credential_fields: frozenset[str]
    timezone: str
    language: str
    places: SettingsPlaces = AS_STORED


def check_together(candidate: Candidate) -> tuple[Diagnostic, ...]:
    """Every fault at once."""
    return (
        *_channels(candidate),
        *_connectors(candidate),
        *_misplaced_credentials(candidate),
        *_free_questions(candidate),
        *_program(candidate),
    )


def _channels(candidate: Candidate) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not candidate.settings.channels:
        yield fault(
            "S206",
            "No channel is set up, so no customer could reach the bot.",
            "Add one under channels.",
            ("channels",),
        )
    for index, channel in enumerate(candidate.settings.channels):
        if isinstance(channel, WhatsAppChannel):
            for name in WHATSAPP_SECRETS:
                field = f"channels.{index}.{name}"
                if field not in candidate.credential_fields:
                    message = f"The WhatsApp channel needs {field}."
                    yield fault("S203", message, "Store it as a credential.", ("channels", index))


def _connectors(candidate: Candidate) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    blocks = _connector_blocks(candidate)
    try:
        ConnectorRegistry.from_config(blocks)
    except ConnectorConfigError as error:
        for problem in error.problems:
            yield fault("S202", problem, "", _path_named_by(problem))
    for category in sorted(called_connectors(candidate.program)):
        if category not in blocks:
            yield fault(
                "S201",
                f"The flow calls the connector {category!r}, which is not set up.",
                f"Add connectors.{category} to the settings.",
                ("connectors",),
            )


def _path_named_by(problem: str) -> Path:
    """A connector's problem begins with the dotted path of the value it is about."""
    return tuple(problem.partition(":")[0].split("."))


def _connector_blocks(candidate: Candidate) -> dict[str, JSONObject]:
    """The connectors as the runtime will have them, with stand-ins for the secrets."""
    settings = candidate.settings
    blocks: dict[str, JSONObject] = settings.connector_blocks()
    if not settings.llm.enabled and "llm" not in settings.connectors:
        blocks.pop("llm", None)
    for field in candidate.credential_fields:
        root, name, *rest = field.split(".")
        if root == "connectors" and name in blocks and len(rest) == 1:
            blocks[name][rest[0]] = _STAND_IN
    return blocks


def _misplaced_credentials(candidate: Candidate) -> Iterator[Diagnostic]:
    places = {f"channels.{index}" for index in range(len(candidate.settings.channels))}
    places |= {f"connectors.{category}" for category in candidate.settings.connector_blocks()}
    for field in sorted(candidate.credential_fields):
        if field.rpartition(".")[0] not in places:
            message = f"The credential {field} belongs to nothing in the settings."
            yield candidate.places.fault("S204", message, "Remove it or set up its place.")


def _free_questions(candidate: Candidate) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not candidate.settings.llm.enabled:
        return
    if not candidate.has_knowledge:
        message = "Free questions are on, but there is no knowledge document."
        yield fault("S205", message, "Write one or turn them off.", ("llm", "enabled"))
    if "llm" not in _connector_blocks(candidate):
        message = "Free questions are on, but nobody answers them."
        yield fault("S205", message, "Name llm.provider or turn them off.", ("llm", "enabled"))


def _program(candidate: Candidate) -> Iterator[Diagnostic]:
    """The last word is the runtime's own loader."""
    if candidate.program is None:
        return
    settings = ProgramSettings(
        timezone=candidate.timezone,
        language=candidate.language,
        llm_enabled=candidate.settings.llm.enabled,
        sentences=candidate.settings.sentences,
        business=dict(candidate.settings.business),
    )
    try:
        load_program(candidate.program, settings)
    except ProgramError as error:
        yield candidate.places.fault("S209", f"The runtime could not load this: {error}", "")


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
