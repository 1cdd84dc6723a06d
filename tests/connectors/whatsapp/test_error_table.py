"""Every code of Meta's error reference and what is done about it, written out a second time by hand."""

from __future__ import annotations

import pytest

from connectors.whatsapp import ERROR_CLASSES, ErrorAction, classify, find_class

ACTIONS: dict[ErrorAction, list[int]] = {
    ErrorAction.RETRY_LATER: [4, 80007, 130429],
    ErrorAction.RETRY_PAIR: [131056],
    ErrorAction.RETRY_NOW: [131052, 131053],
    ErrorAction.AMBIGUOUS: [1, 2, 131000, 131016, 131057, 133004],
    ErrorAction.STOP_CHANNEL: [
        *(0, 3, 10, 190, 200, 250, 299, 131005),
        *(368, 131031, 131042, 131045, 133006, 133010, 133016),
    ],
    ErrorAction.PARK: [
        131047,
        *(130403, 130497, 131021, 131026, 131030, 131050),
        *(130472, 131048, 131049),
        *(33, 100, 131008, 131009, 131051, 135000),
        *(132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069),
        *(131055, 131062, 131063, 131064, 134100, 134101, 134102, 137000),
    ],
}


@pytest.mark.parametrize(("action", "code"), [(action, code) for action, codes in ACTIONS.items() for code in codes])
def test_a_code_has_its_action(action: ErrorAction, code: int) -> None:
    assert classify(code, 400).action is action


def test_no_code_stands_in_two_classes() -> None:
    codes = [code for error_class in ERROR_CLASSES for code in error_class.codes]
    assert len(codes) == len(set(codes))
    ranges = [found for error_class in ERROR_CLASSES for found in error_class.code_ranges]
    assert not [code for code in codes for low, high in ranges if low <= code <= high]


def test_every_class_tells_staff_what_is_wrong_in_a_sentence() -> None:
    names = [error_class.name for error_class in ERROR_CLASSES]
    assert len(names) == len(set(names))
    assert all(error_class.meaning.endswith(".") for error_class in ERROR_CLASSES)


UNKNOWN: list[tuple[int | None, int | None, bool, ErrorAction]] = [
    (None, 429, False, ErrorAction.RETRY_LATER),
    (999999, 429, False, ErrorAction.RETRY_LATER),
    (999999, 400, True, ErrorAction.AMBIGUOUS),
    (999999, 400, False, ErrorAction.PARK),
    (999999, 500, False, ErrorAction.AMBIGUOUS),
    (None, 503, False, ErrorAction.AMBIGUOUS),
    (None, 401, False, ErrorAction.STOP_CHANNEL),
    (None, 403, False, ErrorAction.STOP_CHANNEL),
    (None, 307, False, ErrorAction.RETRY_NOW),
    (999999, None, False, ErrorAction.PARK),
]


@pytest.mark.parametrize(("code", "http_status", "is_transient", "action"), UNKNOWN)
def test_an_unknown_code_is_judged_by_its_http_status(
    code: int | None, http_status: int | None, is_transient: bool, action: ErrorAction
) -> None:
    assert classify(code, http_status, is_transient=is_transient).action is action


def test_a_code_that_meta_never_named_has_no_class() -> None:
    assert find_class(999999) is None
