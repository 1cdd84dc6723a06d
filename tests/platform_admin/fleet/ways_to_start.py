"""The two ways of the process driver to start a child, here a small Python program."""

from __future__ import annotations

import sys

from platform_admin.fleet.drivers.child import Starter
from platform_admin.fleet.drivers.program import Program
from platform_admin.fleet.drivers.warm_start import WarmStart

BY_COMMAND, BY_FORK = WAYS = "by its command line", "forked from a warm parent"


def starter(way: str, program: str) -> Starter:
    if way == BY_COMMAND:
        return Program((sys.executable, "-c", program))
    return warm_start(program)


def warm_start(program: str) -> WarmStart:
    return WarmStart((sys.executable, "-m", "tests.platform_admin.fleet.nursery_of_programs", program))
