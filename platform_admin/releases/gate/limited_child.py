"""Runs the engine's command line under limits: ``limited_child.py ROOT CPU_S MEMORY_BYTES ARGUMENT...``.

Started by path in an isolated interpreter, so it imports nothing of the control plane and sees none of its keys.
"""

import resource
import runpy
import sys

_MAX_FILE_BYTES = 1024 * 1024
"""It writes to its standard output only; a file larger than this is a mistake or an attack."""


def main(arguments: list[str]) -> None:
    root, cpu_s, memory_bytes, *rest = arguments
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s), int(cpu_s) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE_BYTES, _MAX_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.insert(0, root)
    sys.argv = ["flow_engine", *rest]
    runpy.run_module("flow_engine", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
