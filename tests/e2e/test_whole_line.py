"""The whole line: published in the control plane, pulled by the runtime, booked over WhatsApp, and on after a crash.

Real processes: control plane, runtime. Servers of ours in place of Meta's Graph API and of a calendar.
"""

from __future__ import annotations

from pathlib import Path

from tests.e2e.both_planes import both_planes
from tests.e2e.whole_line import (
    assert_no_secret_was_printed,
    assert_one_booking,
    book_and_look_it_up,
    choose_until_confirmation,
    refuse_a_forged_body,
    shake_hands,
)


async def test_a_business_is_published_booked_and_survives_a_crash_without_its_control_plane(tmp_path: Path) -> None:
    async with both_planes(tmp_path) as line:
        await shake_hands(line.runtime_url, line.keys)
        day = await choose_until_confirmation(line.chat)

        await line.control_plane.kill()
        await line.runtime.kill()
        await line.runtime.start()
        await line.runtime.until_answers(f"{line.runtime_url}/health", serial=1, ready=True)

        await book_and_look_it_up(line.chat, day)
        assert_one_booking(line.calendar, day)
        await refuse_a_forged_body(line.chat, line.runtime_url)
    ours = [sent.body["biz_opaque_callback_data"] for sent in line.chat.graph.sent]
    assert len(set(ours)) == len(ours) == line.chat.seen
    assert_no_secret_was_printed(line.keys, line.printed())
