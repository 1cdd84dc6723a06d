from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from platform_admin.fleet.drivers.code_on_disk import code_on_disk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for package in ("connectors", "flow_engine", "runtime", "platform_admin"):
        (tmp_path / package / "inner").mkdir(parents=True)
        (tmp_path / package / "inner" / "module.py").write_text("A = 1\n")
    return tmp_path


def touch(path: Path) -> None:
    seen = path.stat()
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1_000_000_000))


@pytest.mark.parametrize(
    ("change", "other"),
    [
        pytest.param(lambda root: root, False, id="nothing"),
        pytest.param(lambda root: (root / "runtime/inner/module.py").write_text("A = 12\n"), True, id="another size"),
        pytest.param(lambda root: touch(root / "connectors/inner/module.py"), True, id="another time"),
        pytest.param(lambda root: (root / "flow_engine/new.py").touch(), True, id="a module more"),
        pytest.param(lambda root: (root / "runtime/inner/module.py").unlink(), True, id="a module less"),
        pytest.param(lambda root: touch(root / "platform_admin/inner/module.py"), False, id="the control plane's"),
        pytest.param(lambda root: (root / "runtime/notes.txt").touch(), False, id="no code"),
    ],
)
def test_code_on_disk_is_another_when_a_runtime_would_be(
    root: Path, change: Callable[[Path], object], other: bool
) -> None:
    before = code_on_disk(root)
    change(root)
    assert (code_on_disk(root) != before) is other
