"""A library without one of its modules. In a process of its own: what is loaded here is loaded for every test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = {
    "shop/__init__.py": "from shop.counter import greet\n",
    "shop/counter.py": "print('loaded')\ndef greet(name, *, mark):\n    return f'Hola {name}{mark}'\n",
}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        pytest.param(
            "with passed_over('shop.counter'):\n    import shop\nprint('shop.counter' in sys.modules)",
            "False\n",
            id="it is not loaded",
        ),
        pytest.param(
            "with passed_over('shop.counter'):\n    import shop\nprint(shop.greet('Ana', mark='!'))",
            "loaded\nHola Ana!\n",
            id="a function of it that is called after all is the real one",
        ),
        pytest.param(
            "with passed_over('shop.counter'):\n    import shop\n"
            "from shop.counter import greet\nprint(greet('Ana', mark='.'))",
            "loaded\nHola Ana.\n",
            id="who imports it later gets it",
        ),
        pytest.param(
            "import shop\nwith passed_over('shop.counter'):\n    from shop.counter import greet\n"
            "print(greet is shop.greet, 'shop.counter' in sys.modules)",
            "loaded\nTrue True\n",
            id="one that is loaded already stays",
        ),
        pytest.param(
            "import runtime.server\nimport uvicorn, uvicorn.server\nprint(uvicorn.Server is uvicorn.server.Server)",
            "True\n",
            id="the server of uvicorn stays a class that others can build on",
        ),
    ],
)
def test_a_module_that_is_passed_over(tmp_path: Path, program: str, said: str) -> None:
    for name, text in LIBRARY.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    head = f"import sys\nsys.path.append({str(tmp_path)!r})\nfrom runtime.passed_over import passed_over\n"
    done = subprocess.run([sys.executable, "-c", head + program], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == said
