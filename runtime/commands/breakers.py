"""The command that sets a connector's circuit breaker by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from connectors.kernel.circuit_breaker import BreakerState, CircuitBreaker, Trigger
from runtime.active_config import ActiveConfigHolder
from runtime.commands.handler import RefusedError, done, text_of
from runtime.ports.command_store import Command, CommandResult

MODES: Final = ("disabled", "forced_open", "auto")


@dataclass(frozen=True, slots=True)
class BreakerCommands:
    """Breakers live in memory: what was set by hand ends with the process and with the release."""

    configs: ActiveConfigHolder

    async def set_mode(self, command: Command) -> CommandResult:
        connector, mode = text_of(command, "connector"), text_of(command, "mode")
        if mode not in MODES:
            raise RefusedError("unknown_mode", f"One of {', '.join(MODES)}.")
        config = self.configs.current
        if config is None or connector not in config.registry.categories:
            raise RefusedError("unknown_connector", "The live release binds no such connector.")
        breaker = config.registry.pipeline(connector).breaker
        _move(breaker, mode)
        return done({"state": breaker.state.value})


def _move(breaker: CircuitBreaker, mode: str) -> None:
    """By way of ``closed``, because the breaker's table has no step between its two manual states either way."""
    if mode == breaker.state.value:
        return
    if breaker.state is not BreakerState.CLOSED:
        breaker.operate(Trigger.RESET)
    if mode == "disabled":
        breaker.operate(Trigger.DISABLE)
    elif mode == "forced_open":
        breaker.operate(Trigger.FORCE_OPEN)
