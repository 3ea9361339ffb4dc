"""Distributions at the nodes of sampling tables, of exact densities, against many more points: 2e-4."""

import numpy as np
import pytest

from pheno.tables import load_spec
from pheno.tables.densities import Source
from pheno.tables.quantiles import Panels
from pheno.tables.sampling import rho_of
from pheno.tables.sampling_build import _rules, core

R = np.array([2e-4, 0.003, 0.03, 0.2, 0.4, 0.6, 0.8, 0.95, 0.995, 0.9995])


class AtOnce:
    """Densities without files."""

    def run(self, _key, _label, compute, *arguments):
        arrays = np.broadcast_arrays(*arguments)
        return compute(*(np.ascontiguousarray(a).ravel() for a in arrays)).reshape(arrays[0].shape)


@pytest.mark.parametrize("mediator", ["vector", "tensor"])
@pytest.mark.parametrize("quantity", ["theta", "psi"])
@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("na64mu-sampling", [(0.1508, 131.8, 0.081), (0.0037, 82.5, 0.041), (0.001, 13.8, 0.015), (0.03, 100.0, 0.5)]),
        ("na64e-sampling", [(0.001, 100.0, 0.02), (0.17, 69.5, 0.0088), (0.5, 1.6, 0.5), (0.0158, 57.1, 0.0665)]),
    ],
)
def test_nodes_have_the_distribution(name, points, quantity, mediator):
    """Soft X of spin 2 too, where psi is spread evenly over five powers of ten."""
    source = Source(load_spec(name), mediator, 0.0, core(load_spec(name), 1), AtOnce())
    at = tuple(np.array(column) for column in zip(*points, strict=True))
    nodes, checks = _rules(mediator, quantity)
    truth = source.distributions(quantity, Panels(60, 7), "", at)
    for rule, accuracy in ((nodes, 2e-4), (checks, 5e-5)):
        found = source.distributions(quantity, rule, "", at).quantiles(rho_of(R))
        shares = 1.0 / (1.0 + np.exp(-truth.at(found)))
        assert np.abs(shares - R).max() < accuracy
