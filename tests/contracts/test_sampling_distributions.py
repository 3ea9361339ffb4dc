"""Distributions at the nodes of sampling tables against sums over all angles: 2e-4, those compared with 1e-4."""

import numpy as np
import pytest

from pheno.tables import load_spec
from pheno.tables.densities import Source
from pheno.tables.sampling import angle_at, angle_scale, rho_of, x_of_q
from pheno.tables.sampling_build import _rules, core

R = np.array([2e-4, 0.003, 0.03, 0.2, 0.4, 0.6, 0.8, 0.95, 0.995, 0.9995])
#: Least w; the largest angle is backwards.
LEAST = -30.0


class AtOnce:
    """Densities without files."""

    def run(self, _key, _label, compute, *arguments):
        arrays = np.broadcast_arrays(*arguments)
        return compute(*(np.ascontiguousarray(a).ravel() for a in arrays)).reshape(arrays[0].shape)


def cumulative(density, quantity, mediator, at, tau):
    """Logarithms of tan^2(angle/2), and the share below each, by the trapezoidal rule."""
    log_s = np.linspace(np.log(tau) + LEAST, 25.0, 16001)
    angle = 2.0 * np.arctan(np.exp(0.5 * log_s))
    seen = {"theta": None, "psi": None, quantity: angle}
    f = density(mediator, *(np.full(angle.size, value) for value in at), **seen, method="etl") * np.sin(angle)
    total = np.append(0.0, np.cumsum(0.5 * (f[1:] + f[:-1])))
    return log_s, total / total[-1]


@pytest.mark.parametrize("mediator", ["pseudoscalar", "vector", "tensor"])
@pytest.mark.parametrize("quantity", ["theta", "psi"])
@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("na64mu-sampling", [(0.1508, 131.8, 0.081), (0.0037, 82.5, 0.041), (0.001, 13.8, 0.015), (0.03, 100.0, 0.5)]),
        ("na64e-sampling", [(0.001, 100.0, 0.02), (0.001, 100.0, 0.54), (0.185, 55.3, 0.25), (0.5, 1.6, 0.5)]),
    ],
)
def test_nodes_have_the_distribution(name, points, quantity, mediator):
    """Spin 2 too, whose angles are spread evenly in their logarithm over many powers of ten."""
    spec = load_spec(name)
    density, k = core(spec, None), spec.kinematics
    source = Source(spec, mediator, 0.0, density, AtOnce())
    mass, energy, q = (np.array(column) for column in zip(*points, strict=True))
    x = x_of_q(q, *k.x_range(mass, energy, 0.0))
    tau, c_0 = angle_scale(quantity, k, mass, energy, x)
    places = zip(mass, energy, x, strict=True)
    truth = [cumulative(density, quantity, mediator, at, scale) for at, scale in zip(places, tau, strict=True)]
    for rule, accuracy in zip(_rules(mediator, quantity), (2e-4, 1e-4), strict=True):
        found = source.distributions(quantity, rule, "", (mass, energy, q)).quantiles(rho_of(R))
        angle = angle_at(found, tau[:, None], c_0[:, None])
        for seen, (log_s, share) in zip(angle, truth, strict=True):
            assert np.interp(2.0 * np.log(np.tan(0.5 * seen)), log_s, share) == pytest.approx(R, abs=accuracy)
