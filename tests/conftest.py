"""Settings of the whole test suite."""

import pytest
from hypothesis import settings

# Examples are drawn from a fixed seed: a failure is there for everybody, on every run. A machine that is busy
# with something else must not fail a test, so no deadline.
settings.register_profile("pheno", deadline=None, derandomize=True)
settings.load_profile("pheno")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-generated", action="store_true", help="rewrite the generated files that differ, and fail once"
    )
