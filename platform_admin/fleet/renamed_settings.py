"""Settings of runtimes that an orchestrator still has under the name they had before ``FLEET_RUNTIME_…``."""

from __future__ import annotations

from collections.abc import Mapping

from platform_admin.config.environment import VARIABLES
from platform_admin.fleet.configuration import PASSED_ON


def old_names(environment: Mapping[str, str]) -> dict[str, str]:
    """Each old name that is told without its new one, and the new one. An empty one counts as absent.

    What the control plane reads by the same name is no old one: nobody can know for whom it is meant.
    """
    return {
        name: told
        for told, name in PASSED_ON.items()
        if name not in VARIABLES and environment.get(name) and not environment.get(told)
    }
