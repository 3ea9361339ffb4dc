"""Beams and mediators: names, properties, and what cannot exist."""

import pytest

from pheno import beams, mediators
from pheno.beams import Beam
from pheno.errors import DomainError
from pheno.mediators import Mediator


def test_beams_are_the_four_leptons():
    assert {name: (Beam(name).pdg, Beam(name).mass) for name in beams.names()} == {
        "e-": (11, 0.51099895069e-3),
        "e+": (-11, 0.51099895069e-3),
        "mu-": (13, 0.1056583755),
        "mu+": (-13, 0.1056583755),
    }


@pytest.mark.parametrize(("name", "meant"), [("e", "e-"), ("mu", "mu-"), ("MU+", "mu\\+")])
def test_unknown_beam_has_the_nearest(name, meant):
    with pytest.raises(
        DomainError, match=rf"beam must be one of 'e-', 'e\+', 'mu-', 'mu\+', got .*did you mean '{meant}'"
    ):
        beams.resolve(name)


@pytest.mark.parametrize(
    ("name", "spin", "parity", "unit"),
    [
        ("scalar", 0, 1, "1"),
        ("pseudoscalar", 0, -1, "1"),
        ("vector", 1, -1, "1"),
        ("axial_vector", 1, 1, "1"),
        ("tensor", 2, 1, "GeV^-1"),
    ],
)
def test_mediators_have_spin_and_parity(name, spin, parity, unit):
    mediator = mediators.resolve(name)
    assert (mediator.spin, mediator.parity, mediator.coupling_unit) == (spin, parity, unit)
    assert mediators.resolve(mediator) is mediator
    assert mediator == Mediator(name, c_l=1)
    assert mediator.interaction


def test_there_are_no_other_mediators():
    assert mediators.names() == ["scalar", "pseudoscalar", "vector", "axial_vector", "tensor"]


def test_shares_belong_to_the_tensor():
    assert Mediator("tensor", c_gamma=0).c_gamma == 0.0
    assert not Mediator("tensor", c_gamma=0).universal
    assert Mediator("tensor", c_l=2, c_gamma=2, c_N=2).universal
    with pytest.raises(DomainError, match=r"must be 1 for a vector \(only the tensor has them\)"):
        Mediator("vector", c_l=2.0)


@pytest.mark.parametrize("share", ["c_l", "c_gamma", "c_N"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None, [1.0]])
def test_shares_are_finite_numbers(share, value):
    with pytest.raises(DomainError, match=f"^{share} must be "):
        Mediator("tensor", **{share: value})


def test_something_must_couple():
    with pytest.raises(DomainError, match="must not all be 0"):
        Mediator("tensor", c_l=0, c_gamma=0, c_N=0)


@pytest.mark.parametrize("make", [Beam, Mediator])
def test_values_do_not_change(make):
    value = make("e-") if make is Beam else make("vector")
    with pytest.raises(AttributeError):
        value.name = "tensor"
