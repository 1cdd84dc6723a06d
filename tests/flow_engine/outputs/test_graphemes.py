"""A cut never falls inside what a reader takes for one character."""

from __future__ import annotations

import pytest

from flow_engine.outputs.graphemes import cut, split

CUTS = [
    ("a text that fits stays", "hello", 5, "hello"),
    ("an empty text stays", "", 5, ""),
    ("a cut shows", "hello world", 8, "hello w…"),
    ("no space before the ellipsis", "hello world", 7, "hello…"),
    ("an accent stays with its letter", "caf\u0065\u0301s", 5, "caf…"),
    ("a precomposed letter is one", "cafés!", 5, "café…"),
    ("a family is not torn apart", "ab👨\u200d👩\u200d👧c", 6, "ab…"),
    ("a whole family stays", "👨\u200d👩\u200d👧cd", 6, "👨\u200d👩\u200d👧…"),
    ("a flag is not halved", "a🇪🇸b", 3, "a…"),
    ("the second of two flags is not halved", "🇪🇸🇫🇷", 4, "🇪🇸🇫🇷"),
    ("a cut falls between two flags", "🇪🇸🇫🇷x", 4, "🇪🇸…"),
    ("a skin tone stays with its hand", "ab👍🏽c", 4, "ab…"),
    ("a variation selector stays", "ab❤\ufe0fcd", 4, "ab…"),
    ("a keycap stays whole", "a1\ufe0f\u20e3b", 4, "a…"),
    ("the flag of Scotland stays whole", "a🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007fb", 6, "a…"),
    ("a Hindi conjunct stays together", "कक्षा", 3, "क…"),
    ("a Korean syllable of parts stays together", "a\u1112\u1161\u11ab", 3, "a…"),
    ("CR LF is one line end", "a\r\nb", 3, "a…"),
    ("a letter under a hundred accents is cut all the same", "a" + "\u0301" * 100, 4, "a\u0301\u0301…"),
]


@pytest.mark.parametrize(("text", "limit", "expected"), [case[1:] for case in CUTS], ids=[case[0] for case in CUTS])
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected
    assert len(cut(text, limit)) <= limit


SPLITS = [
    ("a text that fits is one piece", "a b c", 10, ["a b c"]),
    ("at a blank line first", "one two\n\nthree", 12, ["one two", "three"]),
    ("then at a line end", "one two\nthree", 12, ["one two", "three"]),
    ("then at a space", "one two three", 12, ["one two", "three"]),
    ("not at a space in the first half", "a bcdefghijkl", 10, ["a bcdefghi", "jkl"]),
    ("never inside a flag", "abcdefgh🇪🇸🇫🇷", 9, ["abcdefgh", "🇪🇸🇫🇷"]),
    ("blanks alone are no piece", "a" + " " * 30, 10, ["a"]),
    ("nothing is no piece", "", 10, []),
]


@pytest.mark.parametrize(("text", "limit", "pieces"), [case[1:] for case in SPLITS], ids=[case[0] for case in SPLITS])
def test_split(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces
