from __future__ import annotations

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.bundle.canonical import canonical_bytes, read_canonical
from flow_engine.bundle.errors import MalformedError
from flow_engine.bundle.limits import MAX_DEPTH, MAX_SAFE_INTEGER
from flow_engine.vocabulary import JSON

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer() or abs(x) < 2**53)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ("€$\u000f\nA'B\"\\\\\"/", '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\u007f\u2028", '"\u007f\u2028"'),
        ([True, False, None], "[true,false,null]"),
        (1.0, "1"),
        (-0.0, "0"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-9, "1.5e-9"),
        (5e-324, "5e-324"),
        (333333333.33333329, "333333333.3333333"),
        # RFC 8785 section 3.2.3: U+1F600 is the pair D83D DE00 and so sorts before U+FB33.
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
         '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'),
    ],
    ids=str,
)  # fmt: skip
def test_every_value_has_the_spelling_of_rfc_8785(value: JSON, spelling: str) -> None:
    assert canonical_bytes(value) == spelling.encode()


@pytest.mark.parametrize(
    ("reason", "value"),
    [
        ("not a number", math.nan),
        ("infinity", math.inf),
        ("an integer that doubles cannot hold", 2**53),
        ("a whole fraction that doubles cannot hold", 1e20),
        ("half of a surrogate pair in a value", "\ud800"),
        ("half of a surrogate pair in a key", {"\udfff": 1}),
        ("a key that is not a text", {1: 2}),
        ("a value that JSON does not know", {1, 2}),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_has_no_spelling_is_refused(reason: str, value: JSON) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":1}', b"[1, 2]", b"[1.0]", b"[1e2]", b"[-0]", b"[NaN]", b"[Infinity]",
        b'["\\u0041"]', b'["\\/"]', b'["\\ud800"]', b"[\xff]", b"\xef\xbb\xbf[]", b"[1]\n", b"", b"[" * 100_000,
        b"[9007199254740993]",
    ],
    ids=lambda data: repr(data[:20]),
)  # fmt: skip
def test_other_spellings_are_not_read(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_canonical(data)


def nested(depth: int, wrap: Callable[[JSON], JSON]) -> JSON:
    value: JSON = 1
    for _ in range(depth):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"k": v}], ids=["lists", "objects"])
def test_nesting_ends_at_the_limit(wrap: Callable[[JSON], JSON]) -> None:
    assert read_canonical(canonical_bytes(nested(MAX_DEPTH, wrap))) == nested(MAX_DEPTH, wrap)
    with pytest.raises(MalformedError):
        canonical_bytes(nested(MAX_DEPTH + 1, wrap))


@given(json_values)
def test_what_is_written_reads_back_the_same_and_writes_the_same(value: JSON) -> None:
    data = canonical_bytes(value)
    assert json.loads(data) == value
    assert canonical_bytes(read_canonical(data)) == data


@given(st.binary(max_size=64))
def test_arbitrary_bytes_are_read_or_refused_in_one_way(data: bytes) -> None:
    try:
        value = read_canonical(data)
    except MalformedError:
        return
    assert canonical_bytes(value) == data
