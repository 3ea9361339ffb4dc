"""Form factors against their published formulae in 40 digits."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp
from oracles.weizsaecker_williams import form_factor as exact

from pheno import _core, form_factors
from pheno.constants import ELECTRON_MASS
from pheno.errors import DomainError

ATOMS = ((1, 1), (6, 12), (13, 27), (74, 184), (82, 207), (92, 238))
T = np.geomspace(1e-20, 1e4, 97)

# Rounding of a product of about ten factors; exp(-t s^2) turns one ulp of its argument, up to 700, into 700 ulp.
RTOL = {"helm": 4e-13, "exponential": 4e-13}


def test_the_registry_and_the_core_list_the_same_forms_in_the_same_order() -> None:
    assert tuple(form_factors.names()) == _core.FORM_FACTORS


@pytest.mark.parametrize("name", form_factors.names())
@pytest.mark.parametrize(("Z", "A"), ATOMS)
def test_every_form_from_1e_20_to_1e4(name: str, Z: int, A: int) -> None:
    ours = form_factors.evaluate(name, T, Z=Z, A=A)
    with mp.workdps(40):
        truth = np.array([float(exact(name, Z, A)(t)) for t in T])
    # Beside a diffraction zero only the envelope sets the size of the rounding error.
    floor = 1e-26 * Z**2 if name == "helm" else 1e-300
    np.testing.assert_allclose(ours, truth, rtol=RTOL.get(name, 1e-14), atol=floor)


@pytest.mark.parametrize("name", form_factors.names())
def test_a_cloud_of_electrons_outside_and_a_small_nucleus_inside(name: str) -> None:
    # Between 1/a^2 and the nuclear size everything sees the full charge; the electrons add Z/Z^2.
    middle = form_factors.evaluate(name, 1e-7, Z=1, A=1)
    assert middle == pytest.approx(2.0 if "inelastic" in name or "quasi" in name else 1.0, rel=2e-2)


@pytest.mark.parametrize(("Z", "A"), [(6, 12), (82, 207)])
def test_radii_of_tsai_1974_give_the_complete_screening_logarithms(Z: int, A: int) -> None:
    # L = 1 + chi/2 for t < m_e^2: ln(184.15 Z^(-1/3)) of the nucleus and ln(1194 Z^(-2/3)) of the electrons.
    kwargs = {"form_factor": "tsai_inelastic_724", "Z": Z, "A": A, "electron_mass": ELECTRON_MASS, "rtol": 1e-9}
    chi = _core.photon_flux(np.array([1e-24]), np.array([ELECTRON_MASS**2]), threads=1, **kwargs)[0][0]
    nucleus, electrons = np.log(184.15 * Z ** (-1 / 3)), np.log(1194 * Z ** (-2 / 3))
    # Neglected: t/d and 1/(a m_e)^2, below 1e-3.
    assert chi == pytest.approx(2 * Z**2 * (nucleus - 1) + 2 * Z * (electrons - 1), rel=1e-3)


def test_the_two_inelastic_screening_radii_are_different_forms() -> None:
    t = 1e-10
    old, new = (form_factors.evaluate(f"tsai_inelastic_{r}", t, Z=82, A=207) for r in (773, 724))
    assert abs(old - new) > 0.01 * min(old, new)


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("form_factor", lambda: form_factors.evaluate("tsay", 1.0, Z=82, A=207)),
        ("t", lambda: form_factors.evaluate("tsai", -1.0, Z=82, A=207)),
        ("t", lambda: form_factors.evaluate("tsai", np.nan, Z=82, A=207)),
        ("Z", lambda: form_factors.evaluate("tsai", 1.0, Z=0, A=207)),
        ("A", lambda: form_factors.evaluate("tsai", 1.0, Z=1, A=np.inf)),
        ("rtol", lambda: form_factors.photon_flux("helm", 1e-8, 1.0, Z=82, A=207, rtol=-1.0)),
    ],
)
def test_nonsense_is_refused_by_name(argument: str, call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DomainError, match=rf"^{argument} must"):
        call()


def test_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(DomainError, match="did you mean 'tsai'"):
        form_factors.resolve("tsay")
