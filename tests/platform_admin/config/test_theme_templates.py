"""Five templates of the admin's theme are our own copies; when one changes, ours has to be looked at again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import unfold

THEIRS = Path(unfold.__file__).parent / "templates"
OURS = Path(__file__).parents[3] / "platform_admin" / "config" / "templates"

SEEN = {
    "admin/actions.html": "4cb3331602a67fa144f6a53dc68d854072d9b0ea8d69fe7e7a255d665b93f6e1",
    "admin/change_form.html": "3fc6d1194eda5f6c154b7c56c33bbc4c8d7209f51830f017b307c90ed342bf04",
    "admin/nav_sidebar.html": "9ded21d2f1036a58f72624a573643ddb66887280fa696621289d6cf959d4eb08",
    "unfold/helpers/navigation_user.html": "df49db2d72d7e8f24e0252b832a0fc0b14f309d47e3655fbaf3f08b4c5a4aae9",
    "unfold/layouts/skeleton.html": "062bb8d9caf56385289bde95c57e06c13dfc598fc3463332f967e8b52724d84c",
}
"""Template → SHA-256 of the theme's original that our copy was made from."""


@pytest.mark.parametrize("name", SEEN)
def test_the_original_is_the_one_our_copy_was_made_from(name: str) -> None:
    assert (OURS / name).is_file()
    assert hashlib.sha256((THEIRS / name).read_bytes()).hexdigest() == SEEN[name], (
        f"the theme changed {name}: bring its changes into platform_admin/config/templates/{name}, "
        "run tests/e2e/test_admin_theme.py, then write the new digest here"
    )
