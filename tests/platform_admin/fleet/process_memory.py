"""What another process of the same user can read of one."""

from __future__ import annotations

from pathlib import Path


def environ_of(pid: int) -> set[str]:
    """Names in what anybody of the same user reads of a process."""
    block = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return {entry.partition("=")[0] for entry in block.split("\0") if entry}


def holds(pid: int, words: str) -> bool:
    """Whether they stand anywhere in the memory that a process can write to."""
    sought = words.encode()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            begin, end = (int(number, 16) for number in span.split("-"))
            if not rights.startswith("rw"):
                continue
            memory.seek(begin)
            if sought in memory.read(end - begin):
                return True
    return False
