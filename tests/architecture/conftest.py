"""Fixtures of the tests on the shape of the repository."""

import pytest


@pytest.fixture
def update_generated(request: pytest.FixtureRequest) -> bool:
    """Whether generated files that differ are to be rewritten."""
    return bool(request.config.getoption("--update-generated"))
