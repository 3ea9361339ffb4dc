"""The same benchmarks for pytest-benchmark, which keeps and compares runs: `nox -s bench`."""

from __future__ import annotations

import pytest
from bench_cross_section import CASES, MEDIATORS, RTOL, TABLE_ENERGIES, TABLE_MASSES, Case, check

from pheno import cross_section


@pytest.mark.parametrize("mediator", MEDIATORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_total(benchmark, case: Case, mediator: str) -> None:
    result = benchmark(case.total, mediator)
    benchmark.extra_info["evaluations"] = result.evaluations
    check(case, mediator, result.value, RTOL)


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_table(benchmark, mediator: str) -> None:
    values = benchmark.pedantic(
        cross_section, (mediator, TABLE_MASSES[:, None], TABLE_ENERGIES), {"threads": 2, "rtol": RTOL}, rounds=1
    )
    assert values.shape == (len(TABLE_MASSES), len(TABLE_ENERGIES))
    assert (values > 0.0).all()
