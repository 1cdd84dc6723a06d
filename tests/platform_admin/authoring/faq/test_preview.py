"""The rendered FAQ: Markdown becomes HTML, and nothing that somebody wrote becomes more than that."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from platform_admin.authoring.faq import outline, preview

DATA = Path(os.environ.get("FRONTDESK_TEST_DATA", "../shared/data"))
ATTACKS = DATA / "security" / "xss"
ORDINARY = {
    *("h1 h2 h3 h4 h5 h6 p ul ol li em strong code pre blockquote hr br a img".split()),
    *("table thead tbody tr th td".split()),
}

TEXT = """\
# Shop

## Hours

Ten to *eight*.

| day | open |
|-----|------|
| Mon | 10   |

```
# no heading
```

## Prices
"""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def read(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


def test_markdown_is_rendered() -> None:
    html = preview(TEXT)
    assert "<h2>Hours</h2>" in html
    assert "<em>eight</em>" in html
    assert "<td>10</td>" in html


def test_the_outline_has_every_heading_with_its_line() -> None:
    assert [(section.title, section.level, section.line) for section in outline(TEXT)] == [
        ("Shop", 1, 1),
        ("Hours", 2, 3),
        ("Prices", 2, 15),
    ]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](  JaVaScRiPt:alert(1))",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    '[a](https://example.com "x\\" onmouseover=alert(1) \\"")',
    "<a href=javascript:alert(1)>x</a>",
]


def harmless(text: str) -> None:
    found = read(preview(text))
    assert found.tags <= ORDINARY
    for name, value in found.attributes:
        assert not name.startswith("on")
        if name in ("href", "src"):
            assert not value.strip().lower().startswith(("javascript:", "vbscript:", "data:text"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_the_authors_own_gets_through(text: str) -> None:
    harmless(text)


@pytest.mark.skipif(not ATTACKS.is_dir(), reason=f"no attack corpus in {ATTACKS} (FRONTDESK_TEST_DATA)")
def test_no_line_of_the_attack_corpus_gets_through(record_property: object) -> None:
    lines = [line for file in sorted(ATTACKS.iterdir()) for line in file.read_text(errors="replace").splitlines()]
    assert len(lines) > 100
    for line in lines:
        harmless(line)
