"""A tenant as one YAML file, for development. Loads the authoring side of the engine; a bundle never comes here.

::

    tenant_id: my_business
    flow_path: flows/peluqueria_flow.yaml
    channel: {type: http_dev}          # or channels: [...]
    connectors: {calendar: {type: mock}, llm: {type: mock_llm}}
    llm: {enabled: true, provider: mock_llm, knowledge_version: v1, quota_monthly_tokens: 500000}    # optional, and
                                       # questions_per_contact_per_day: 30, keyword_answers: true
    limits: {burst_window_s: 2}        # optional: runtime.limits has them all, with what holds otherwise
    templates: [...], opt_out: {...}, handoff: {...}   # optional: see runtime.outreach
    knowledge_path, timezone, language, sentences, business                                          # optional

``flow_path`` and ``knowledge_path`` are looked up from the working directory, then from the file's own folder and the
folders above it. What a flow brings along lies in the folder of its name (``flows/peluqueria`` for
``flows/peluqueria_flow.yaml``): ``knowledge.md``, and ``defaults.yaml`` with any of the last four keys above. Without
either there is no knowledge, the time zone is UTC and the language English.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from flow_engine.bundle.content import BundleSettings, Knowledge, LLMSettings
from flow_engine.diagnostics import Diagnostic
from flow_engine.language import read_flow_bytes
from flow_engine.vocabulary import JSONObject
from runtime.errors import ConfigurationError
from runtime.settings import TENANT_SLUG
from runtime.tenant_config import LLM_CATEGORY, OUTREACH_BLOCKS, TenantConfig, bind_llm
from runtime.tenant_file.bindings import check_bindings
from runtime.tenant_file.block import Block, FaultList, read_document

DEFAULT_TIMEZONE: Final = "UTC"
DEFAULT_LANGUAGE: Final = "en"
DEVELOPMENT_KNOWLEDGE_VERSION: Final = "v1"

_FLOW_SUFFIX: Final = "_flow"
_KEYS: Final = (
    "tenant_id",
    "flow_path",
    "channel",
    "channels",
    "connectors",
    "llm",
    "knowledge_path",
    "limits",
    *OUTREACH_BLOCKS,
)
_LLM_KEYS: Final = (
    "enabled",
    "provider",
    "knowledge_version",
    "quota_monthly_tokens",
    "questions_per_contact_per_day",
    "keyword_answers",
)
_DEFAULTS_KEYS: Final = ("timezone", "language", "sentences", "business")


def read_tenant_file(path: Path) -> TenantConfig:
    """Read the file and everything it points to.

    Raises:
        ConfigurationError: every fault of all files, each as ``file:line:column code message hint``.
    """
    faults = FaultList()
    block = read_document(path, faults)
    config = _read(block, path, faults) if block is not None else None
    if config is None or faults:
        raise ConfigurationError(faults.lines())
    return config


def _read(block: Block, path: Path, faults: FaultList) -> TenantConfig | None:
    block.refuse_unknown((*_KEYS, *_DEFAULTS_KEYS))
    tenant_id = block.text("tenant_id", required=True)
    if tenant_id and not TENANT_SLUG.fullmatch(tenant_id):
        block.fault("tenant_id", "R104", "tenant_id may hold lower-case letters, digits, '-' and '_'.")
    channels = _read_channels(block)
    connectors = {category: block.object("connectors", category) for category in block.keys("connectors")}
    flow = _find(block, "flow_path", path, required=True)
    program = _read_program(flow, faults) if flow is not None else None
    settings = _read_settings(block, flow, faults)
    llm = _read_llm(block, connectors)
    knowledge = _read_knowledge(block, flow, path, llm)
    if program is None or not tenant_id:
        return None
    config = TenantConfig(
        tenant_id=tenant_id,
        program=program,
        channels=channels,
        connectors=bind_llm(connectors, llm),
        llm=llm,
        knowledge=knowledge,
        settings=settings,
        limits=block.object("limits"),
        outreach={name: block.plain(name) for name in OUTREACH_BLOCKS if name in block},
    )
    check_bindings(config, block)
    return config


def _read_channels(block: Block) -> tuple[JSONObject, ...]:
    if "channel" in block and "channels" in block:
        block.fault("channels", "R105", "Both channel and channels are given.", "Keep one of the two.")
        return ()
    if "channels" in block:
        items = block.items("channels")
        if not items:
            block.fault("channels", "R106", "There is no channel.", "Add one: - type: http_dev")
        return tuple(block.object("channels", index) for index in items)
    if "channel" not in block:
        block.fault(None, "R102", "The key channel is missing.", "Add it: channel: {type: http_dev}")
        return ()
    return (block.object("channel"),)


def _read_program(flow: Path, faults: FaultList) -> JSONObject | None:
    try:
        content = flow.read_bytes()
    except OSError:
        faults.add(flow, 1, 1, "R108", "The flow cannot be read.")
        return None
    reading = read_flow_bytes(content, file=str(flow))
    faults.extend(item for item in reading.diagnostics if _is_error(item))
    return reading.program


def _is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity.value == "error"


def _read_settings(block: Block, flow: Path | None, faults: FaultList) -> BundleSettings:
    """The tenant's own words first, then what the flow brings along, then plain defaults."""
    own = Block.empty(faults)
    defaults_file = _folder_of(flow) / "defaults.yaml" if flow is not None else None
    if defaults_file is not None and defaults_file.is_file():
        own = read_document(defaults_file, faults) or own
        own.refuse_unknown(_DEFAULTS_KEYS)
    return BundleSettings(
        timezone=block.text("timezone") or own.text("timezone") or DEFAULT_TIMEZONE,
        language=block.text("language") or own.text("language") or DEFAULT_LANGUAGE,
        sentences={**own.texts("sentences"), **block.texts("sentences")},
        business={**own.object("business"), **block.object("business")},
    )


def _read_llm(block: Block, connectors: dict[str, JSONObject]) -> LLMSettings:
    """Without the block ``llm``, a connector of that name is wish enough."""
    bound = connectors.get(LLM_CATEGORY, {}).get("type")
    provider = bound if isinstance(bound, str) else None
    if "llm" not in block:
        return LLMSettings(
            enabled=LLM_CATEGORY in connectors, provider=provider, knowledge_version=None, quota_monthly_tokens=None
        )
    llm = block.child("llm")
    llm.refuse_unknown(_LLM_KEYS)
    enabled = llm.truth("enabled", default=True)
    wanted = llm.text("provider") or provider
    if enabled and wanted is None:
        llm.fault(None, "R107", "The LLM is enabled but no provider is named.", "Add one: provider: mock_llm")
    if wanted and provider and wanted != provider:
        llm.fault("provider", "R107", "provider and connectors.llm.type disagree.", "Keep one of the two.")
    return LLMSettings(
        enabled=enabled,
        provider=wanted,
        knowledge_version=llm.text("knowledge_version"),
        quota_monthly_tokens=llm.whole_number("quota_monthly_tokens"),
        questions_per_contact_per_day=llm.whole_number("questions_per_contact_per_day"),
        keyword_answers=llm.truth("keyword_answers", default=False),
    )


def _read_knowledge(block: Block, flow: Path | None, path: Path, llm: LLMSettings) -> Knowledge | None:
    file = _find(block, "knowledge_path", path, required=False)
    if file is None and flow is not None:
        beside = _folder_of(flow) / "knowledge.md"
        file = beside if beside.is_file() else None
    if file is None:
        return None
    try:
        markdown = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        block.fault("knowledge_path", "R108", "The knowledge document cannot be read as UTF-8 text.")
        return None
    return Knowledge(version=llm.knowledge_version or DEVELOPMENT_KNOWLEDGE_VERSION, markdown=markdown)


def _folder_of(flow: Path) -> Path:
    """``flows/peluqueria`` for ``flows/peluqueria_flow.yaml``; a ``flow.yaml`` is already in its folder."""
    name = flow.stem.removesuffix(_FLOW_SUFFIX)
    return flow.parent if flow.stem == "flow" else flow.parent / name


def _find(block: Block, key: str, config: Path, *, required: bool) -> Path | None:
    name = block.text(key, required=required)
    if not name:
        return None
    for place in _places(name, config):
        if place.is_file():
            return place
    hint = "It is looked up from the working directory and from the folders above this file."
    block.fault(key, "R108", f"{key} names a file that is not there.", hint)
    return None


def _places(name: str, config: Path) -> Iterable[Path]:
    yield Path(name)
    for folder in config.resolve().parents:
        yield folder / name
