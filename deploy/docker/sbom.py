"""Write what an image's Python environment consists of as a CycloneDX 1.6 document (https://cyclonedx.org).

Run by the environment's own Python while the image is built: what is listed is what is installed, and nothing else is
needed to list it. The base image's packages are its maker's to list.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from pathlib import Path


def components() -> list[dict[str, object]]:
    """One for each installed distribution, by its package URL."""
    found = []
    for distribution in importlib.metadata.distributions():
        name = distribution.name.lower().replace("_", "-")
        component: dict[str, object] = {
            "type": "library",
            "name": name,
            "version": distribution.version,
            "purl": f"pkg:pypi/{name}@{distribution.version}",
        }
        if licence := distribution.metadata.get("License-Expression"):
            component["licenses"] = [{"expression": licence}]
        found.append(component)
    return sorted(found, key=lambda component: str(component["purl"]))


def main(target: Path, subject: str) -> None:
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": subject}},
        "components": components(),
    }
    target.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
