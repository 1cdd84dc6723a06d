"""What must hold between flow, knowledge, settings and credentials before they go out together.

Each check is about a pair that is sound on its own and would fail a customer together. Codes: S201 a connector the flow
calls is not bound, S202 an unknown connector type, S203 a secret that a channel needs is not stored, S204 a stored
secret has no place in the settings, S205 free questions without what they need, S206 no channel.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.registry import PROVIDERS
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.releases.settings_document import SettingsDocument, WhatsAppChannel

WHATSAPP_SECRETS = ("access_token", "app_secret", "verify_token")


def check_together(
    *, program: JSONObject | None, has_knowledge: bool, settings: SettingsDocument, credential_fields: frozenset[str]
) -> tuple[Diagnostic, ...]:
    """Every fault at once; ``program`` is ``None`` when the flow has faults of its own."""
    return (
        *_channels(settings, credential_fields),
        *_connectors(program, settings),
        *_misplaced_credentials(settings, credential_fields),
        *_free_questions(settings, has_knowledge=has_knowledge),
    )


def _channels(settings: SettingsDocument, credential_fields: frozenset[str]) -> Iterator[Diagnostic]:
    if not settings.channels:
        yield _error("S206", "No channel is set up, so no customer could reach the bot.", "Add one under channels.")
    for index, channel in enumerate(settings.channels):
        if isinstance(channel, WhatsAppChannel):
            for name in WHATSAPP_SECRETS:
                field = f"channels.{index}.{name}"
                if field not in credential_fields:
                    yield _error("S203", f"The WhatsApp channel needs {field}.", "Store it as a credential.")


def _connectors(program: JSONObject | None, settings: SettingsDocument) -> Iterator[Diagnostic]:
    for category, binding in settings.connectors.items():
        if binding.type not in PROVIDERS:
            known = ", ".join(sorted(PROVIDERS))
            yield _error("S202", f"connectors.{category}: there is no type {binding.type!r}.", f"Known: {known}.")
    for category in sorted(called_connectors(program)):
        if category not in settings.connectors:
            yield _error(
                "S201",
                f"The flow calls the connector {category!r}, which is not set up.",
                f"Add connectors.{category} to the settings.",
            )


def _misplaced_credentials(settings: SettingsDocument, credential_fields: frozenset[str]) -> Iterator[Diagnostic]:
    for field in sorted(credential_fields):
        root, _, rest = field.partition(".")
        name = rest.partition(".")[0]
        exists = {
            "channels": name.isdigit() and int(name) < len(settings.channels),
            "connectors": name in settings.connectors,
            "llm": True,
        }
        if not exists.get(root, False):
            yield _error(
                "S204", f"The credential {field} belongs to nothing in the settings.", "Remove it or set up its place."
            )


def _free_questions(settings: SettingsDocument, *, has_knowledge: bool) -> Iterator[Diagnostic]:
    if not settings.llm.enabled:
        return
    if not has_knowledge:
        yield _error(
            "S205", "Free questions are on, but there is no knowledge document.", "Write one or turn them off."
        )
    if "llm" not in settings.connectors:
        yield _error("S205", "Free questions are on, but connectors.llm is not set up.", "Add it or turn them off.")


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


def _error(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, hint, "settings", 1, 1)
