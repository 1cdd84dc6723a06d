"""Two versions at once, as programs: an upgrade takes a while, and either plane may be the one that has had it.

The older one is kept whole (``tests/platform_admin/runtime_api/versions``); what the planes say to each other in it is
looked at, field by field, by ``test_versions_apart.py`` there.
"""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

from tests.e2e.both_planes import Line, both_planes
from tests.e2e.child import run
from tests.e2e.conversation import rows_of
from tests.e2e.meta_bodies import ROOT
from tests.e2e.older_program import unpack
from tests.e2e.whole_line import (
    ANA,
    SLUG,
    assert_one_booking,
    book_and_look_it_up,
    choose_until_confirmation,
)

OLDER = "0.1"


async def publish_again(line: Line) -> None:
    await line.manage(
        *("publish", SLUG, "--flow", "flows/peluqueria_flow.yaml", "--knowledge", "flows/peluqueria/knowledge.md"),
        *("--settings-file", str(line.folder / "settings.json")),
    )


async def talk_publish_and_book(line: Line) -> None:
    """A booking with a new release in the middle of it, then what the control plane knows, asks and gets."""
    day = await choose_until_confirmation(line.chat)
    await publish_again(line)
    await line.runtime.until_answers(f"{line.runtime_url}/health", serial=2)
    await book_and_look_it_up(line.chat, day)
    assert_one_booking(line.calendar, day)
    copy = line.folder / "ana.zip"
    await line.manage("export_contact", SLUG, ANA.phone, str(copy), "--wait", "60")
    with ZipFile(copy) as archive:
        assert any(b"10:30" in archive.read(name) for name in archive.namelist())
    (known,) = json.loads(await line.manage("tenants", "--json"))["tenants"]
    assert (known["tenant"], known["live_serial"], known["runtime_serial"]) == (SLUG, 2, 2)


async def test_an_older_runtime_works_with_todays_control_plane_and_hands_over_to_todays(tmp_path: Path) -> None:
    """It is killed in the middle of a booking; today's goes on from the same state file."""
    async with both_planes(tmp_path, control_plane=ROOT, runtime=unpack(OLDER, tmp_path)) as line:
        await talk_publish_and_book(line)
        await line.chat.say("Hola")
        await line.runtime.kill()
        await line.runtime.start_as(ROOT)
        await line.runtime.until_answers(f"{line.runtime_url}/health", serial=2, ready=True)
        appointments = await line.chat.tap_button("menu_appointments", "Mis citas")
        assert len(rows_of(appointments)) == 1


async def test_todays_runtime_works_with_an_older_control_plane_whose_tables_are_todays(tmp_path: Path) -> None:
    """Tables grow before the program is replaced (expand, then contract), so that there is no gap."""
    async with both_planes(tmp_path, control_plane=unpack(OLDER, tmp_path), runtime=ROOT) as line:
        await run(["manage.py", "migrate", "--verbosity", "0"], line.environment)
        await talk_publish_and_book(line)
