"""The generated C++ amplitudes in double precision against explicit spinors in 100-digit arithmetic, point by point."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from pair_points import energy_share, pair_coordinates

from pheno import _core

REFERENCES = Path(__file__).parents[1] / "references"
INPUTS = ("m", "M", "m_X", "E", "from_recoil", "value", "t", "z", "phi")
INVARIANTS = ("s", "U", "t1", "PD", "G1", "G2", "Gk")
SPIN_0_AND_1 = ("scalar", "pseudoscalar", "vector", "axial_vector")
UNIVERSAL = (1.0, 1.0, 1.0)

COUPLINGS = ((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1))

# What issue and users are promised. All that may be lost is rounding, amplified next to the edge of phase space (points
# go down to t/t_min - 1 = 1e-3 and up to 0.9999 of the range of s). Measured at the 420 points: 1.3e-12 (invariants),
# 1.5e-12 (spin 0 and 1), 9.4e-12 (tensor, universal), 4.7e-11 (tensor, any couplings).
PROMISED = 1e-9


def _table() -> list[dict[str, str]]:
    with (REFERENCES / "amplitudes.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


TABLE = _table()
POINTS = np.array(
    [
        [float(row["given"] == "omega") if name == "from_recoil" else float(row[name]) for name in INPUTS]
        for row in TABLE
    ]
)


def column(name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in TABLE])


def ours(mediator: str, couplings: tuple[float, float, float] = UNIVERSAL) -> np.ndarray:
    c_l, c_gamma, c_N = couplings
    return _core.amplitude_points(POINTS, mediator=mediator, c_l=c_l, c_gamma=c_gamma, c_N=c_N)


@pytest.mark.parametrize(("index", "name"), list(enumerate(INVARIANTS)))
def test_invariants(index: int, name: str) -> None:
    np.testing.assert_allclose(ours("scalar")[:, index], column(f"{name}_exact"), rtol=PROMISED, atol=0.0)


@pytest.mark.parametrize("mediator", SPIN_0_AND_1)
def test_spin_0_and_1(mediator: str) -> None:
    np.testing.assert_allclose(ours(mediator)[:, -1], column(mediator), rtol=PROMISED, atol=0.0)


@pytest.mark.parametrize("couplings", COUPLINGS)
def test_tensor(couplings: tuple[int, int, int]) -> None:
    truth = column("tensor_" + "".join(map(str, couplings)))
    np.testing.assert_allclose(ours("tensor", couplings)[:, -1], truth, rtol=PROMISED, atol=0.0)


def test_tensor_is_a_quadratic_form_of_its_couplings() -> None:
    c_l, c_gamma, c_N = c = (0.3, -1.2, 2.0)
    single = [column(f"tensor_{name}") for name in ("100", "010", "001")]
    pair = [column(f"tensor_{name}") for name in ("110", "101", "011")]
    interference = [
        pair[0] - single[0] - single[1],
        pair[1] - single[0] - single[2],
        pair[2] - single[1] - single[2],
    ]
    terms = [c[i] ** 2 * single[i] for i in range(3)]
    terms += [c_l * c_gamma * interference[0], c_l * c_N * interference[1], c_gamma * c_N * interference[2]]
    # The terms may cancel: rounding of this sum in double is relative to the largest column, not to the result.
    largest = np.max(np.abs([*single, *pair]), axis=0)
    assert np.all(np.abs(ours("tensor", c)[:, -1] - np.sum(terms, axis=0)) < PROMISED * largest)


def test_the_points_cover_the_domain() -> None:
    m_X, E, t = (POINTS[:, INPUTS.index(name)] for name in ("m_X", "E", "t"))
    assert len(TABLE) == 420
    assert m_X.min() < 3e-6
    assert m_X.max() > 10.0
    assert E.min() < 1.0
    assert E.max() > 900.0
    assert t.min() < 1e-17  # t_min of a light mediator
    assert {row["lepton"] for row in TABLE} == {"e", "mu"}
    assert {1, 82, 92} <= {int(row["Z"]) for row in TABLE}


PAIR_POINTS = np.array([pair_coordinates(row) for row in TABLE])


#: A mediator that is slow in the laboratory is a corner of directions in the frame of the pair. There the amplitude is
#: what two polarisations of the photon leave of each other, and its coordinates hold fewer digits: below this share of
#: the beam energy the scalars keep two digits at the worst point, and the tensor six.
SLOW = 1e-3
FAST = np.array([energy_share(row) for row in TABLE]) > SLOW


@pytest.mark.parametrize("mediator", SPIN_0_AND_1)
def test_spin_0_and_1_in_the_frame_of_the_pair(mediator: str) -> None:
    found = _core.pair_points(PAIR_POINTS, mediator=mediator, c_l=1, c_gamma=1, c_N=1)
    truth = column(mediator)
    np.testing.assert_allclose(found[FAST], truth[FAST], rtol=PROMISED, atol=0.0)
    slow = {"vector": PROMISED, "axial_vector": PROMISED}.get(mediator, 1e-2)
    np.testing.assert_allclose(found, truth, rtol=slow, atol=0.0)


@pytest.mark.parametrize("couplings", COUPLINGS)
def test_tensor_in_the_frame_of_the_pair(couplings: tuple[int, int, int]) -> None:
    c_l, c_gamma, c_N = couplings
    found = _core.pair_points(PAIR_POINTS, mediator="tensor", c_l=c_l, c_gamma=c_gamma, c_N=c_N)
    truth = column("tensor_" + "".join(map(str, couplings)))
    np.testing.assert_allclose(found[FAST], truth[FAST], rtol=PROMISED, atol=0.0)
    np.testing.assert_allclose(found, truth, rtol=1e-5, atol=0.0)
