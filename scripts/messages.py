"""Collect every text that people read into platform_admin/locale, and compile what is translated (`make messages`).

GNU gettext does the collecting; it is installed when it is missing. What has no translation yet is told at the end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "platform_admin"
LANGUAGES = ("es",)
COLLECT = ("makemessages", "--no-location", "--no-obsolete", "--no-wrap", "--ignore=node_modules", "--ignore=vendor")


def django(*arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "django", *arguments]
    subprocess.run(command, cwd=PACKAGE, env=environment, check=True)


def main() -> int:
    if shutil.which("xgettext") is None:
        try:
            debian.install("gettext")
        except debian.MissingProgramError as error:
            print(f"messages: {error}", file=sys.stderr)
            return 1
    for language in LANGUAGES:
        django(*COLLECT, "--locale", language)
    django("compilemessages")
    catalogues = [str(PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po") for language in LANGUAGES]
    missing = "".join(
        subprocess.run(["msgattrib", kind, "--no-wrap", *catalogues], check=True, capture_output=True, text=True).stdout
        for kind in ("--untranslated", "--only-fuzzy")
    )
    print(missing or "Everything is translated.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
