"""What every command adds itself to; ``run`` of the parsed options carries it out."""

from __future__ import annotations

import argparse

type Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # its only name
