from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.containers.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    assert os.environ.get("POSTGRES_IMAGE"), "run these with `make test-containers`, which brings engine and images"
    stack = Stack(tmp_path_factory.mktemp("checkout"))
    yield stack
    stack.make("clean")


@pytest.fixture
def running(stack: Stack) -> Stack:
    stack.ensure_up()
    return stack
