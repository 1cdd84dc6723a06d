"""A local tenant's copy whose program refuses or never ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.drivers.process_state import ProcessStateAccess

REFUSALS = {
    "it never ends": ("import signal; signal.pause()", "backup took longer than 0 s and was ended"),
    "it says why not": ("import sys; sys.exit('more\\nfrontdesk-runtime: the disk is full')", "the disk is full"),
}


@pytest.mark.parametrize(("program", "told"), REFUSALS.values(), ids=REFUSALS)
def test_a_copy_that_is_not_made_is_told_in_one_line_and_leaves_nothing(
    tmp_path: Path, program: str, told: str
) -> None:
    patience_s = 0.1 if "pause" in program else 60.0
    command = (sys.executable, "-c", program)
    access = ProcessStateAccess(tmp_path / "tenants", command=command, root=tmp_path, patience_s=patience_s)
    (tmp_path / "work").mkdir()
    with pytest.raises(StateUnavailableError) as refused:
        access.back_up("luna", tmp_path / "work" / "copy.tar.gz")
    assert str(refused.value) == f"The state of luna cannot be used: {told}"
    assert list((tmp_path / "work").iterdir()) == []
