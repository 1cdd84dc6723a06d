"""Where the fleet's commands read FLEET_… and INGRESS_… from: the process, and what it does not set from ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

from platform_admin.config.build import ROOT
from platform_admin.config.environment import with_env_file


def fleet_environment(*, root: Path = ROOT) -> dict[str, str]:
    """As the control plane's settings are read, so that one file says it to every process of a machine."""
    return with_env_file(os.environ, root=root)
