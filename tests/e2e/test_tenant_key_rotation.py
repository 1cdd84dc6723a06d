"""A tenant's key is rotated under a running runtime: real processes, and nothing but the new key opens what it has."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from tests.e2e.both_planes import Line, both_planes
from tests.e2e.child import PATIENCE_S
from tests.e2e.whole_line import SLUG


async def rotate(line: Line, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(await line.manage("rotate_tenant_key", SLUG, "--json", *arguments))
    return told


async def until_done(line: Line, file: Path) -> dict[str, Any]:
    """The runtime reports at its own pace; until then the command says what it waits for, with a code of its own."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await rotate(line, "--output-file", str(file))
        except AssertionError:
            assert time.monotonic() < deadline, "the runtime did not report the release"
            await asyncio.sleep(1)


async def test_a_runtime_goes_on_under_its_new_key_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "tenant_fernet_keys"
    async with both_planes(tmp_path) as line:
        (old,) = file.read_text().split()

        assert (await rotate(line, "--output-file", str(file)))["step"] == "prepared"
        assert file.read_text().split()[0] == old
        assert (await rotate(line, "--handed-out"))["serial"] == 2
        await line.runtime.until_answers(f"{line.runtime_url}/health", serial=2, ready=True)
        assert (await until_done(line, file))["step"] == "done"

        (new,) = file.read_text().split()
        assert new != old
        await line.runtime.kill()
        await line.runtime.start()
        await line.runtime.until_answers(f"{line.runtime_url}/health", serial=2, ready=True)
        assert "asistente" in json.dumps(await line.chat.say("Hola"), ensure_ascii=False)
    assert [key for key in (old, new) if key in line.printed()] == []
