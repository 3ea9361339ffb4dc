"""Published limits: 30 % where nothing is known that should make a difference, and what is not met marked as such."""

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

import pheno
from pheno import production
from pheno.constants import ELEMENTARY_CHARGE
from pheno.spectra import spectrum

FILE = Path(__file__).parents[1] / "references" / "published_reach.csv"
ROWS = list(csv.DictReader(line for line in FILE.read_text().splitlines() if not line.startswith("#")))


def not_met(reason):
    """Published numbers that ours do not meet: docs/physics/reach.md. The test fails as soon as they are met."""
    return pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError)


def published(experiment):
    rows = [row for row in ROWS if row["experiment"] == experiment]
    return tuple(np.array([float(row[key]) for row in rows]) for key in ("mass_GeV", "lower", "upper"))


@pytest.fixture
def no_positrons(monkeypatch):
    monkeypatch.setattr(production, "annihilation", lambda *_: None)


def test_na64e_invisible():
    """9.37e11 electrons, thick target, the efficiency of the card: 30 % where bremsstrahlung dominates."""
    mass, epsilon, _ = published("na64e")
    found = pheno.reach("na64e", pheno.model("dark_photon", dark_matter="complex_scalar"), mass)
    assert found.contour("epsilon")[1] == pytest.approx(epsilon, rel=0.30)


def test_na64e_overshoots_with_one_radiation_length_and_no_efficiency():
    """The statement that the thick target and the efficiency answer for: a factor 1.8 in epsilon."""
    card = pheno.experiment("na64e")
    target = replace(card.target, length_cm=card.target.material.radiation_length_cm, slowing="none")
    thin = replace(card, target=target, signature=replace(card.signature, efficiency=(1.0,)))
    mass, epsilon, _ = published("na64e")
    found = pheno.reach(thin, pheno.model("dark_photon", dark_matter="complex_scalar"), mass)
    assert epsilon / found.contour("epsilon")[1] == pytest.approx(1.8, rel=0.1)


def test_e137_upper_edge():
    """Set by exp(-shield/L): hardly any freedom. 6 % below the muon threshold; above, muons are not counted here."""
    mass, _, upper = published("e137")
    below = mass < 0.2
    found = pheno.reach("e137", "dark_photon", mass[below])
    assert found.contour("epsilon")[2] == pytest.approx(upper[below], rel=0.06)


@pytest.mark.parametrize(("method", "band"), [("etl", 0.3), ("ww", 0.12)])
def test_e137_classic(monkeypatch, method, band):
    """Primary electron with straggling, no threshold, no angles, 3 events: both edges over two decades in mass."""
    monkeypatch.setattr(production, "spectrum", partial(spectrum, method=method))
    mass, lower, upper = published("e137")
    inside = mass < 0.25
    found = pheno.reach("e137_classic", "dark_photon", mass[inside], confidence=0.95)
    assert found.limit == pytest.approx(3.0, abs=0.01)
    assert found.contour("epsilon")[1] == pytest.approx(lower[inside], rel=band)
    assert found.contour("epsilon")[2][mass[inside] < 0.2] == pytest.approx(upper[mass < 0.2], rel=0.06)
    masses = np.linspace(0.25, 0.4, 31)
    tip = pheno.reach("e137_classic", "dark_photon", masses, confidence=0.95).sensitive
    assert masses[tip].max() == pytest.approx(mass.max(), rel=0.15)


def test_e137_classic_spin_2():
    """2412.10150: couplings from 8e-8 to 1e-5 GeV^-1, from 0.1 GeV on; its end at 0.8 GeV is not met, see below."""
    mass = np.linspace(0.1, 0.5, 9)
    found = pheno.reach("e137_classic", "tensor_universal", mass)
    assert found.lower.min() == pytest.approx(8e-8, rel=0.3)
    steepness = np.log(found.upper[0] / found.upper[1]) / np.log(mass[1] / mass[0])
    # the edge is steep: 1.5 times in the coupling at 0.1 GeV is 1.2 times in the mass at which it passes 1e-5
    assert mass[0] * (found.upper[0] / 1e-5) ** (1 / steepness) == pytest.approx(0.1, rel=0.3)


def test_e137_classic_differs_in_what_it_says():
    """Same beam, exposure, target, geometry and counts as the card that is used for limits."""
    classic, card = pheno.experiment("e137_classic"), pheno.experiment("e137")
    same = replace(
        card.signature,
        x_min=classic.signature.x_min,
        threshold=0.0,
        detector_radius_m=None,
    )
    assert classic.signature == same
    assert classic.target == replace(card.target, slowing="straggling")
    assert (classic.exposure, classic.counts, classic.energy) == (card.exposure, card.counts, card.energy)


@not_met("the digitised curve has no threshold, angles, positrons: 1.5 to 3.1 times weaker, with positrons 0.4 times")
def test_e137_lower_edge():
    mass, lower, _ = published("e137")
    inside = mass < 0.25
    assert pheno.reach("e137", "dark_photon", mass[inside]).contour("epsilon")[1] == pytest.approx(
        lower[inside], rel=0.3
    )


def test_what_the_parts_of_e137_do(no_positrons):
    """Lower edge at 10 MeV and 0.1 GeV: the shower helps by 1.15 and 1.1, angles cost 1.1 and 1.3."""
    card, mass = pheno.experiment("e137"), [0.01, 0.1]

    def edge(slowing="shower", **changes):
        changed = replace(card, target=replace(card.target, slowing=slowing))
        changed = replace(changed, signature=replace(card.signature, **changes))
        return pheno.reach(changed, "dark_photon", mass).contour("epsilon")[1]

    ours = edge()
    assert ours == pytest.approx([6.2e-8, 8.6e-8], rel=0.02)
    assert edge("straggling") / ours == pytest.approx([1.15, 1.10], rel=0.02)
    assert ours / edge(detector_radius_m=None) == pytest.approx([1.12, 1.31], rel=0.02)
    assert ours / edge(x_min=0.05, threshold=1.0) == pytest.approx([1.13, 1.02], rel=0.02)


def test_e137_is_weaker_than_published_without_positrons(no_positrons):
    """The threshold and the angles, which the published curve leaves out, take events away."""
    mass, lower, _ = published("e137")
    inside = mass < 0.25
    assert np.all(pheno.reach("e137", "dark_photon", mass[inside]).contour("epsilon")[1] > lower[inside])


def test_e137_with_positrons():
    """1802.03794, abstract: they push the limit on epsilon down by a factor of two from 33 to 120 MeV; from 1 GeV."""
    mass, lower, _ = published("e137")
    card = pheno.experiment("e137")
    card = replace(card, signature=replace(card.signature, x_min=0.05, threshold=1.0))
    masses = np.array([0.031, 0.033, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14])
    ratio = pheno.reach(card, "dark_photon", masses).lower / ELEMENTARY_CHARGE
    ratio /= np.exp(np.interp(np.log(masses), np.log(mass), np.log(lower)))
    inside = slice(1, -1)
    assert np.exp(np.log(ratio[inside]).mean()) == pytest.approx(0.5, rel=0.3)
    assert np.all(ratio[inside] < 0.7)
    assert ratio[0] > 1.0
    assert ratio[-1] > 1.0


def test_e137_tip():
    mass, _, _ = published("e137")
    masses = np.linspace(0.25, 0.33, 33)
    tip = masses[pheno.reach("e137", "dark_photon", masses).sensitive].max()
    assert tip == pytest.approx(mass.max(), rel=0.15)


@not_met("no efficiency is known to the cards; a common one of 0.2 would do")
def test_na64e_visible():
    """Both runs together, up to 20 MeV."""
    mass, lower, upper = published("na64e_visible")
    mass, lower, upper = mass[:5], lower[:5], upper[:5]
    limit = pheno.upper_limit(0, signal_uncertainty=0.25)
    for m, low, high in zip(mass, lower, upper, strict=True):

        def excess(log_epsilon, m=m):
            events = sum(
                pheno.expected_events(run, "dark_photon", m, epsilon=np.exp(log_epsilon)).selected
                for run in ("na64e_visible_2017", "na64e_visible_2018")
            )
            return np.log(max(events, 1e-300) / limit)

        top = np.log(np.sqrt(low * high))
        edges = [np.exp(brentq(excess, *ends, xtol=1e-3)) for ends in ((np.log(low / 5), top), (top, np.log(3 * high)))]
        assert edges == pytest.approx([low, high], rel=0.3)


@not_met("the card has the acceptance of the proposal; the selection of the first run is not known to it")
def test_na64mu():
    """Published: about 5e-4 at a few MeV."""
    found = pheno.reach("na64mu", "lmu_minus_ltau", [0.002, 0.005])
    assert found.lower == pytest.approx([5e-4, 5e-4], rel=0.3)


def test_what_the_ingredients_of_na64mu_are_worth():
    """The table of docs/physics/reach.md, at 5 MeV."""
    card = pheno.experiment("na64mu")
    signature, counts, target = card.signature, card.counts, card.target
    every = replace(signature, efficiency_masses=(), efficiency=(1.0,))
    changes = {
        1.45e-4: card,
        1.21e-4: replace(card, signature=every),
        1.85e-4: replace(card, signature=replace(signature, x_min=0.625)),
        1.16e-4: replace(card, signature=replace(signature, x_min=0.375)),
        9.17e-4: replace(card, target=replace(target, length_cm=target.length_cm / 40.0)),
        4.92e-4: replace(card, signature=replace(every, efficiency=(0.06,))),
    }
    for expected, changed in changes.items():
        assert pheno.reach(changed, "lmu_minus_ltau", [0.005]).lower == pytest.approx(expected, rel=1e-2)
    no_background = replace(card, counts=replace(counts, background=0.0, background_uncertainty=0.0))
    assert pheno.reach(no_background, "lmu_minus_ltau", [0.005]).lower == pytest.approx(1.45e-4, rel=1e-2)
    assert pheno.reach(card, "lmu_minus_ltau", [0.005], confidence=0.95).lower == pytest.approx(1.66e-4, rel=1e-2)
    at = {"beam": "mu-", "target": "Pb", "x_min": 0.5}
    exact, ww, iww = (pheno.cross_section("vector", 0.005, 160.0, method=m, **at) for m in ("etl", "ww", "iww"))
    assert [ww / exact, iww / exact] == pytest.approx([1.007, 1.65], rel=3e-3)


@not_met("1.7e-7 to 1.5e-5 and up to 0.37 GeV here; without angles and positrons 7.9e-8 and up to 0.52 GeV")
def test_e137_spin_2():
    """2412.10150: 8e-8 < c/Lambda GeV < 1e-5 for 0.1 to 0.8 GeV."""
    found = pheno.reach("e137", "tensor_universal", [0.1, 0.2, 0.5, 0.8])
    assert found.sensitive.all()
    assert [found.lower.min(), found.upper.max()] == pytest.approx([8e-8, 1e-5], rel=0.3)


def test_na64e_axion_like_particle():
    """2005.02710, abstract: below 55 MeV, with decays in the last modules of the hadronic calorimeter as a signal too.

    Less if they must be behind all of it (the card, 6.5 m), more if anywhere behind the electromagnetic one.
    """
    card = pheno.experiment("na64e", exposure="2016-2018")
    masses = np.arange(0.01, 0.1001, 0.0025)

    def heaviest(escape_m):
        changed = replace(card, signature=replace(card.signature, escape_m=escape_m))
        return masses[pheno.reach(changed, "alp_photon", masses).sensitive].max()

    assert heaviest(card.signature.escape_m) < 0.055 < heaviest(0.5)
