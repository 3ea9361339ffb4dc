"""Cards of experiments: what each must have, and one error with file and key for what is wrong."""

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from pheno import citations, experiments
from pheno.cards import experiment_cards
from pheno.errors import CardError, DomainError
from pheno.experiments import Counts, Signature, Target, experiment

NAMES = experiments.names()
CARD = """
schema = 1
title = "mine"
notes = "none"

[beam]
particle = "e-"
energy = "10 GeV"

[exposures]
default = "all"
all = 1e12

[target]
material = "W"
radiation_lengths = 5
slowing = "straggling"

[signature]
kind = "visible"
x_min = 0.2
shield = "1 m"
decay = "50 cm"
efficiency = 0.9

[counts]
observed = 0
background = 0.1

[sources]
"beam.energy" = "me"
"exposures.all" = "me"
"target.radiation_lengths" = "me"
"signature.x_min" = "me"
"signature.shield" = "me"
"signature.decay" = "me"
"signature.efficiency" = "me"
"counts.observed" = "me"
"counts.background" = "me"
"""


def written(tmp_path, text=CARD):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return path


def test_the_experiments_that_were_asked_for_are_there():
    wanted = {"na64e", "na64e_visible_2017", "na64e_visible_2018", "na64mu", "ldmx", "ldmx_4gev", "ldmx_8gev"}
    assert wanted | {"m3", "e137", "na64h"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_card_is_complete(name):
    found = experiments.resolve(name)
    assert found.name == name
    assert found.title
    assert found.notes
    assert found.exposure == dict(found.exposures)[found.chosen] > 0.0
    assert 0.0 <= found.signature.x_min < 1.0
    assert found.cites
    with citations.collect() as keys:
        experiments.resolve(name)
    assert keys == list(found.cites)
    assert set(found.unverified) <= set(dict(found.sources))
    if found.target is not None:
        assert found.target.length_cm == pytest.approx(
            found.target.radiation_lengths * found.target.material.radiation_length_cm
        )
    else:
        assert found.mesons


@pytest.mark.parametrize("name", NAMES)
def test_every_number_needs_its_source(name, tmp_path):
    text = experiment_cards()[name].read_text()
    key = dict(experiments.resolve(name).sources).popitem  # any key will do: the last
    last = key()[0]
    path = tmp_path / f"{name}.toml"
    path.write_text(re.sub(rf'^"{re.escape(last)}" = .*\n', "", text, flags=re.MULTILINE))
    with pytest.raises(CardError, match=rf"{name}.toml: {re.escape(last)}: this number has no source"):
        experiments.resolve(path)


def test_numbers_of_the_talk():
    """Table of the 2025 talk: target, energy, window, exposures."""
    table = {
        "na64e": ("Pb", 100.0, 0.5, 9.37e11, "projected", 5e12),
        "ldmx": ("Al", 16.0, 0.7, 1e15, "projected", 1e15),
        "na64mu": ("Pb", 160.0, 0.5, 1.98e10, "projected", 5e13),
        "m3": ("W", 15.0, 0.4, 1e13, "phase 2", 1e13),
        "e137": ("Al", 20.0, 0.1, 1.87e20, "1980-1982", 1.87e20),
    }
    for name, (target, energy, x_min, now, later, number) in table.items():
        found = experiment(name)
        assert (found.target.material.name, found.energy, found.signature.x_min, found.exposure) == (
            target, energy, x_min, now
        )  # fmt: skip
        assert experiment(name, exposure=later).exposure == number


def test_a_card_of_ones_own(tmp_path):
    path = written(tmp_path)
    found = experiments.resolve(path)
    assert found == experiments.resolve(str(path))
    assert (found.name, found.signature.shield_m, found.signature.decay_m) == ("mine", 1.0, 0.5)
    assert found.counts == Counts(0, 0.1, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('energy = "10 GeV"', "", "mine.toml: beam.energy: this key is missing"),
        ('energy = "10 GeV"', 'energy = "10"', "mine.toml: beam.energy: expected '<number> <unit>'"),
        ('energy = "10 GeV"', "energy = 10", "mine.toml: beam.energy: expected '<number> <unit>'"),
        ('energy = "10 GeV"', 'energy = "10 cm"', "mine.toml: beam.energy: expected '<number> <unit>'"),
        ('energy = "10 GeV"', 'energy = "-1 GeV"', "mine.toml: beam.energy: energy must be finite and > 0, got -1"),
        ('particle = "e-"', 'particle = "tau-"', "mine.toml: beam: beam must be"),
        ('shield = "1 m"', 'shield = "-1 m"', "mine.toml: signature.shield: shield must be finite and > 0, got -1"),
        ("efficiency = 0.9", "efficiency = 1.1", "mine.toml: signature.efficiency: efficiency must be between 0 and 1"),
        ("radiation_lengths = 5", "radiation_lengths = -5", "mine.toml: target.radiation_lengths: "),
        ("all = 1e12", "all = -1", "mine.toml: exposures.all: all must be finite and >= 0"),
        ('default = "all"', 'default = "some"', "mine.toml: exposures.default: default must be one of 'all'"),
        ('kind = "visible"', 'kind = "visibel"', "mine.toml: signature.kind: kind must be one of"),
        ('material = "W"', 'material = "Wo"', "mine.toml: target.material: material must be the symbol of an element"),
        ("efficiency = 0.9", 'efficiency = "half"', "mine.toml: signature.efficiency: expected a finite number"),
        ("observed = 0", "observed = 0\nobserveed = 1", "mine.toml: counts.observeed: unknown key; did you mean"),
        (
            'kind = "visible"',
            'kind = "visible"\nchannels = ["ee"]',
            "mine.toml: signature.channels: channels must be one",
        ),
        (
            'slowing = "straggling"',
            'slowing = "energy_loss"',
            "mine.toml: target.mean_excitation_energy|mine.toml: target",
        ),
        ("observed = 0", "observed = 0.5", "mine.toml: counts.observed: expected an integer"),
        ("background = 0.1", "background = -0.1", "mine.toml: counts.background: background must be finite and >= 0"),
        ('title = "mine"', "", "mine.toml: title: this key is missing"),
        ('title = "mine"', 'title = "mine"\ncolour = "red"', "mine.toml: colour: unknown key"),
        ("x_min = 0.2", "x_min = 1.0", "mine.toml: signature.x_min: x_min must be at least 0 and below 1"),
        ("schema = 1", "schema = 2", "mine.toml: schema: must be 1"),
        ("[counts]", "[count]", "mine.toml: counts: this key is missing|mine.toml: sources.counts"),
    ],
)
def test_a_bad_card_is_one_error_with_file_and_key(tmp_path, old, new, message):
    assert old in CARD
    with pytest.raises(CardError, match="|".join(map(re.escape, message.split("|")))) as caught:
        experiments.resolve(written(tmp_path, CARD.replace(old, new)))
    assert "\n" not in str(caught.value)


def test_a_visible_signature_needs_its_geometry(tmp_path):
    text = CARD.replace('decay = "50 cm"\n', "").replace('"signature.decay" = "me"\n', "")
    with pytest.raises(CardError, match="mine.toml: signature: decay must be given for a visible signature"):
        experiments.resolve(written(tmp_path, text))


def test_exposure_by_name_and_number():
    whole, part = experiment("na64e"), experiment("na64e", exposure="2018")
    assert (whole.counts.observed, part.counts.observed) == (0, None)
    share = part.exposure / whole.exposure
    assert part.counts.background == pytest.approx(whole.counts.background * share, rel=1e-14)
    assert experiment("na64e", exposure=1e10).exposure == 1e10
    assert experiment("na64e", exposure="2016-2022") == whole
    with pytest.raises(DomainError, match="exposure must be one of .*did you mean '2016-20"):
        experiment("na64e", exposure="2016-2019")
    with pytest.raises(DomainError, match="exposure must be finite and >= 0, got -1"):
        experiment("na64e", exposure=-1)
    with pytest.raises(DomainError, match="did you mean 'na64"):
        experiment("na64")


def test_efficiency_between_its_masses():
    signature = Signature("missing_energy", efficiency=(0.8, 0.4), efficiency_masses=(0.01, 1.0))
    assert signature.efficiency_at([1e-3, 0.01, 0.1, 1.0, 5.0]) == pytest.approx([0.8, 0.8, 0.6, 0.4, 0.4])
    assert Signature("missing_energy", efficiency=(0.3,)).efficiency_at([0.1, 1.0]).tolist() == [0.3, 0.3]


def test_parts_are_frozen_and_checked():
    found = experiments.resolve("na64e")
    with pytest.raises(FrozenInstanceError):
        found.energy = 1.0
    with pytest.raises(DomainError, match="mean_excitation_energy must be given"):
        Target(found.target.material, 1.0, "energy_loss")
    with pytest.raises(DomainError, match="background_uncertainty must be 0 where background is 0"):
        Counts(0, 0.0, 0.1)
    with pytest.raises(DomainError, match="one number, or one for each"):
        Signature("missing_energy", efficiency=(0.1, 0.2))


def test_rates_of_na64h_are_those_of_the_table():
    eta, prime = experiments.resolve("na64h").mesons
    assert eta.per_beam_particle == pytest.approx(0.98 * 0.47 * 0.75 * 21.9e-6 / 554e-3, rel=1e-12)
    assert prime.per_beam_particle == pytest.approx(0.98 * 0.47 * 0.73 * 10.4e-6 / 554e-3, rel=1e-12)
    errors = [0.02 / 0.98, 0.01 / 0.47, 16 / 554, 0.023 / 0.75, 7.5 / 21.9]
    assert eta.uncertainty == pytest.approx(np.sqrt(np.sum(np.square(errors))), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("na64mu", '"mu-"', '"e-"', "target.slowing: .*beam of e- must be one of .*'shower', got 'energy_loss'"),
        (
            "na64e",
            '"e-"',
            '"mu+"',
            r"target.slowing: .*beam of mu\+ must be one of 'none', 'energy_loss', got 'shower'",
        ),
    ],
)
def test_a_beam_is_not_slowed_down_as_another(tmp_path, name, old, new, message):
    path = tmp_path / "mine.toml"
    path.write_text(experiments.experiment_cards()[name].read_text().replace(old, new, 1))
    with pytest.raises(CardError, match=message):
        experiments.resolve(path)
