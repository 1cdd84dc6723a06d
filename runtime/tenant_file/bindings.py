"""Whether what a development file binds can be built, asked of those who will build it. Development only."""

from __future__ import annotations

from connectors.errors import ConnectorConfigError
from connectors.registry import ConnectorRegistry
from flow_engine.errors import ProgramError
from flow_engine.program import load_program
from runtime.channels.factory import channel_problems
from runtime.tenant_config import LLM_CATEGORY, TenantConfig
from runtime.tenant_file.block import Block


def check_bindings(config: TenantConfig, block: Block) -> None:
    """Note every fault of channels, connectors and settings at its place in the file. Opens no connection."""
    problems: list[tuple[str, str]] = []
    several = "channels" in block
    for index, channel in enumerate(config.channels):
        location = f"channels.{index}" if several else "channel"
        problems += [("R201", problem) for problem in channel_problems(channel, location=location)]
    try:
        ConnectorRegistry.from_config(config.connectors, business=config.settings.business)
    except ConnectorConfigError as error:
        problems += [("R202", problem) for problem in error.problems]
    try:
        load_program(config.program, config.program_settings)
    except ProgramError as error:
        problems.append(("R203", f"{error.path.removeprefix('settings.')}: {error.message}"))
    for code, problem in problems:
        path, _, message = problem.partition(": ")
        if path.startswith(f"connectors.{LLM_CATEGORY}") and LLM_CATEGORY not in block.keys("connectors"):
            path = "llm.provider"
        block.fault_at(path, code, f"{path}: {message}.".replace("..", "."))
