"""Constants against relations between them, units against each other and against their definitions."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pheno import constants, units
from pheno.errors import CardError, DomainError

#: Two products and a quotient.
ROUNDING = 4e-16


def test_pb_is_hbar_c_squared():
    # 1 pb = 1e-40 m^2; HBAR_C_M is printed with ten digits.
    assert constants.HBAR_C_M**2 * 1e40 == pytest.approx(constants.GEV2_TO_PB, rel=1e-9)


def test_hbar_c_follows_from_the_si():
    hbar, c, e = 6.62607015e-34 / (2 * pi), 299792458.0, 1.602176634e-19  # exact since 2019
    assert pytest.approx(hbar * c / e * 1e-9, rel=1e-9) == constants.HBAR_C_M


def test_charge_squared_is_four_pi_alpha():
    assert constants.ELEMENTARY_CHARGE**2 == pytest.approx(4 * pi / 137.035999177, rel=ROUNDING)


def test_planck_mass_follows_from_newton():
    # sqrt(hbar c / G), with G = 6.67430(15)e-11 m^3 kg^-1 s^-2 (CODATA 2022, known to 2e-5) and 1 GeV in kg.
    hbar, c, gev = 1.054571817e-34, 299792458.0, 1.78266192162e-27
    assert (hbar * c / 6.67430e-11) ** 0.5 / gev == pytest.approx(constants.PLANCK_MASS, rel=2e-5)


def test_electron_in_atomic_mass_units():
    # CODATA 2022: m_e = 5.485799090441e-4 u
    assert constants.ELECTRON_MASS / constants.ATOMIC_MASS_UNIT == pytest.approx(5.485799090441e-4, rel=1e-9)


@pytest.mark.parametrize("unit", units.CROSS_SECTION_UNITS)
@pytest.mark.parametrize("to", units.CROSS_SECTION_UNITS)
@given(value=st.floats(1e-200, 1e200))
def test_conversion_there_and_back(unit, to, value):
    there = units.convert_cross_section(value, unit, to)
    assert float(units.convert_cross_section(there, to, unit)) == pytest.approx(value, rel=ROUNDING)


def test_barn_is_1e_24_square_centimetres():
    assert float(units.convert_cross_section(1e12, "pb", "cm2")) == pytest.approx(1e-24, rel=ROUNDING)
    assert float(units.convert_cross_section(1.0, "pb", "fb")) == pytest.approx(1e3, rel=ROUNDING)


def test_unknown_unit_has_the_nearest():
    with pytest.raises(DomainError, match="unit must be one of 'pb', 'fb', 'cm2', 'GeV.-2', got 'cm-2'; did you mean"):
        units.cross_section_unit("cm-2")


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("100 GeV", "energy", 100.0),
        ("17 MeV", "energy", 0.017),
        ("1e-3 TeV^-1", "inverse_energy", 1e-6),
        ("1 pb", "cross_section", 1 / 3.893793721e8),
        ("11350 kg/m3", "density_g_cm3", 11.35),
        ("5.6 mm", "length_cm", 0.56),
    ],
)
def test_quantity_is_converted_to_the_base_of_its_dimension(text, dimension, value):
    assert units.quantity(text, dimension, where="card") == pytest.approx(value, rel=ROUNDING)


@pytest.mark.parametrize(
    "text", [100, 100.0, "100", "100GeV", "GeV", "100 gev", "100 cm", "nan GeV", "inf GeV", "", " GeV", None, ["1 GeV"]]
)
def test_quantity_without_its_unit_is_refused(text):
    with pytest.raises(CardError, match=r"^beam.toml: energy: expected '<number> <unit>' with unit one of GeV"):
        units.quantity(text, "energy", where="beam.toml: energy")
