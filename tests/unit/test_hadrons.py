"""The measured R ratio, its smoothing, and its parts."""

import numpy as np
import pytest

import pheno
from pheno import cards, models
from pheno.constants import CHARGED_PION_MASS
from pheno.errors import DomainError
from pheno.hadrons import hadronic_width, r_ratio
from pheno.models import Charges

PHOTON = Charges(u=2 / 3, d=-1 / 3, s=-1 / 3, c=2 / 3, b=-1 / 3)
B_MINUS_L = models.resolve("b_minus_l").charges


def measured():
    _, (energy, ratio) = cards.columns("r_ratio/measured.csv")
    return np.array(energy), np.array(ratio)


@pytest.mark.parametrize(
    ("low", "high", "scatter"),
    [(0.3, 0.5, 0.05), (0.5, 1.0, 0.02), (1.0, 1.04, 0.02), (1.04, 2.0, 0.01), (2.0, 3.7, 0.04), (4.7, 43.0, 0.06)],
)
def test_smoothing_follows_the_data(low, high, scatter):
    """The scatter of the points about the curve is that of the measurement; the mean is kept three times better."""
    energy, ratio = measured()
    inside = (energy >= low) & (energy < high)
    deviation = np.log(r_ratio(energy[inside]) / ratio[inside])
    assert deviation.std() < scatter
    assert abs(deviation.mean()) < scatter / 3


def test_resonances_are_kept():
    """Height and place of omega and phi in the data: 19.4 at 782 MeV, 49 to 50 at 1019 MeV."""
    fine = np.linspace(0.75, 1.05, 30001)
    ratio = r_ratio(fine)
    omega, phi = fine < 0.9, fine >= 0.9
    assert ratio[omega].max() == pytest.approx(19.3, rel=0.02)
    assert fine[omega][ratio[omega].argmax()] == pytest.approx(0.7822, abs=1e-3)
    assert ratio[phi].max() == pytest.approx(49.5, rel=0.02)
    assert fine[phi][ratio[phi].argmax()] == pytest.approx(1.0194, abs=2e-4)


def test_threshold():
    assert r_ratio(2 * CHARGED_PION_MASS) == 0.0
    assert 0.0 < r_ratio(0.2795) < 1e-3
    assert r_ratio([0.01, 0.1, 0.2]).tolist() == [0.0, 0.0, 0.0]


def test_free_quarks():
    """Between 2 and 3.7 GeV: 2 (1 + alpha_s/pi), and half of it for baryon number."""
    at = np.linspace(2.05, 3.6, 20)
    assert r_ratio(at) == pytest.approx(2.0 * (1 + 0.3 / np.pi), rel=0.08)
    assert r_ratio(at, B_MINUS_L) == pytest.approx(r_ratio(at) / 2, rel=1e-12)


def test_the_photon_returns_what_was_measured():
    at = np.linspace(0.28, 43.0, 3000)
    assert (r_ratio(at, PHOTON) == r_ratio(at)).all()
    nearly = Charges(u=2 / 3 * (1 + 1e-9), d=-1 / 3, s=-1 / 3, c=2 / 3, b=-1 / 3)
    assert r_ratio(at, nearly) == pytest.approx(r_ratio(at), rel=1e-7)


def test_baryon_number_has_no_rho():
    """B-L: omega with four times, phi with once the strength, nothing at the rho beside the omega."""
    assert r_ratio(0.65, B_MINUS_L) < 0.01 * r_ratio(0.65)
    assert r_ratio(0.7826, B_MINUS_L) == pytest.approx(4 * 11.7, rel=0.05)  # 9 B(ee)/alpha^2 of the omega
    assert r_ratio(1.0194, B_MINUS_L) == pytest.approx(r_ratio(1.0194), rel=0.05)


def test_decomposition_against_dark_cast():
    """R of omega -> 3 pi in the tables of 1801.04847 at three masses, times 4 (3 q_u + 3 q_d)^2 = 4 for B-L.

    Ours includes the other decays of the omega, one tenth; near the peak the two agree as far as such models can.
    """
    for mass, three_pions, tolerance in ((0.70, 1.187e-2, 0.2), (0.75, 0.1308, 0.2), (0.78, 8.146, 0.3)):
        assert r_ratio(mass, B_MINUS_L) == pytest.approx(4 * three_pions, rel=tolerance)


def test_width():
    assert hadronic_width(0.77) == pytest.approx(0.77 / (12 * np.pi) * r_ratio(0.77), rel=1e-15)


@pytest.mark.parametrize("call", [r_ratio, hadronic_width])
def test_range_is_named(call):
    with pytest.raises(DomainError, match=r"must be at most 44 GeV for hadrons.*got 91 \(1 of 2 values\)"):
        call([1.0, 91.0])


@pytest.mark.parametrize(
    ("mass", "electrons", "most"),
    [
        (0.2200219978922002, 0.7107491, 1e-3),  # no data below 0.3 GeV: hardly any hadrons
        (0.3000219978922002, 0.5252389, 1e-3),
        (0.5000219978922004, 0.4035065, 0.01),
        (0.7000219978922005, 0.1472403, 0.01),
        (0.7700219978922006, 0.0841205, 0.01),
        (0.7820219978922006, 0.0462252, 0.03),
        (0.9500219978922008, 0.3192313, 0.01),
        (1.0192, 0.0198213, 0.07),  # the peak of the phi: one width is four of their steps
        (1.2000219978921787, 0.3439267, 0.01),
        (1.9990219978920907, 0.2396999, 0.005),
    ],
)
def test_electrons_of_a_dark_photon_as_foresee_has_them(mass, electrons, most):
    """Exclusive channels fitted by vector mesons [Foguel et al. 2201.01788], from FORESEE."""
    assert pheno.widths("dark_photon", mass).branching["e+e-"] == pytest.approx(electrons, rel=most)


def test_foresee_is_below_the_data_where_the_phi_begins():
    """At 1 GeV the measured R is 1.26 +- 0.05 at five energies within 2 MeV; the fit gives 1.13."""
    ours = pheno.widths("dark_photon", 1.0000219978922007).branching["e+e-"]
    assert ours == pytest.approx(0.3191060, rel=0.05)
    assert r_ratio(1.0) == pytest.approx(1.26, abs=0.05)
