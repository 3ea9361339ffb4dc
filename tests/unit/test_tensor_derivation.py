"""The spin-2 amplitude: printed as derived, equal to its diagrams, conserved, and accurate in double precision."""

from __future__ import annotations

import csv
import math
import random
from fractions import Fraction
from types import SimpleNamespace

import pytest
from derive import tensor
from derive import tensor_diagrams as diagrams
from mpmath import mp, mpf
from oracles.kinematics import DPS, Momenta, Point, add, dot
from oracles.reference_amplitudes import COUPLINGS, OUTPUT, tensor_column

EVENTS = [diagrams.random_event(random.Random(seed)) for seed in range(3)]  # noqa: S311
HELICITIES_OUT = pytest.mark.parametrize("spin_up_out", [True, False], ids=["no flip", "flip"])
events = pytest.mark.parametrize("event", EVENTS, ids=["a", "b", "c"])


def test_committed_header_is_what_the_derivation_prints() -> None:
    assert tensor.HEADER.read_text(encoding="utf-8") == tensor.print_header(), "run python -m derive.tensor in tools/"


# --- exact arithmetic -------------------------------------------------------------------------------------------


def fraction(number: diagrams.Number) -> Fraction:
    assert number.y == 0
    return Fraction(int(number.x.numerator), int(number.x.denominator))


def exact_steps(e: diagrams.Event, couplings: tuple[int, int, int]) -> dict[str, Fraction]:
    """Run the printed steps on a rational event."""
    after, before = diagrams.combine((1, e.p_prime), (1, e.k)), diagrams.combine((1, e.p), (-1, e.k))
    m, M, t = fraction(e.m), fraction(e.M), -fraction(diagrams.dot(e.q, e.q))
    v = SimpleNamespace(
        s=fraction(diagrams.dot(after, after)) - m * m,
        U=m * m - fraction(diagrams.dot(before, before)),
        t=t,
        t1=-fraction(diagrams.dot(e.q_prime, e.q_prime)),
        T=t / (2 * M),
        M=M,
        E=fraction(e.p[0]),
        Ep=fraction(e.p_prime[0]),
        EX=fraction(e.k[0]),
        k=fraction(e.k[3]),
    )
    names = ("qx", "qy", "q3")
    values = dict(zip(names, map(fraction, e.q[1:]), strict=True))
    values |= {"p_plus": fraction(diagrams.plus(e.p)), "l_plus": fraction(diagrams.plus(e.p_prime))}
    values |= {"px": fraction(e.p[1]), "h": -fraction(e.p_prime[1]), "m": m, "m2": m * m, "m_X": fraction(e.m_X)}
    c = SimpleNamespace(**dict(zip(("lepton", "photon", "nucleus"), map(Fraction, couplings), strict=True)))
    scope = {"Real": Fraction, "v": v, "c": c, **values}
    for program in tensor.steps():
        scope = program.run(scope)
    return scope


def amplitude(scope: dict[str, Fraction], name: str, spin_up_out: bool) -> tuple[Fraction, Fraction]:
    """Helicity amplitude with the factors that the steps leave out."""
    unit = 4 * scope["v"].M * (1 if spin_up_out else scope["m"])
    if "3" in name:
        unit *= scope["m_X"] / scope["k_plus"]
    stem = ("" if spin_up_out else "flip_") + ("T" if name in ("RR", "LL") else "S") + name
    real = scope.get(f"{stem}_r", scope.get(stem))
    return unit * real, unit * scope.get(f"{stem}_i", Fraction(0))


@events
@HELICITIES_OUT
@pytest.mark.parametrize("couplings", [(1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (2, -3, 5)])
def test_steps_equal_the_feynman_diagrams_exactly(
    event: diagrams.Event, couplings: tuple[int, int, int], spin_up_out: bool
) -> None:
    scope = exact_steps(event, couplings)
    total = diagrams.diagrams(event, spin_up_out).total(*couplings)
    for name, expected in diagrams.helicity_amplitudes(event, total).items():
        parts = (Fraction(int(x.numerator), int(x.denominator)) for x in (expected.x, expected.y))
        assert amplitude(scope, name, spin_up_out) == tuple(parts), name


@events
@HELICITIES_OUT
def test_mediator_ward_identity(event: diagrams.Event, spin_up_out: bool) -> None:
    parts = diagrams.diagrams(event, spin_up_out)
    assert diagrams.divergence(event, parts.total()) == [diagrams.ZERO] * 4
    for broken in ((1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, -1)):
        assert diagrams.divergence(event, parts.total(*broken)) != [diagrams.ZERO] * 4


@events
@HELICITIES_OUT
def test_electromagnetic_ward_identity_of_each_subset(event: diagrams.Event, spin_up_out: bool) -> None:
    u = diagrams.spinor(event.p, event.m, up=True)
    bar = diagrams.bar_of(diagrams.spinor(event.p_prime, event.m, up=spin_up_out))
    j = [diagrams.current(bar, gamma, u) for gamma in diagrams.GAMMA]
    P = diagrams.combine((1, event.P_i), (1, event.P_f))
    nothing = [[diagrams.ZERO] * 4] * 4
    assert diagrams.lepton_diagrams(event, bar, u, event.q) == nothing
    assert diagrams.photon_diagram(event, j, event.q) == nothing
    assert diagrams.photon_diagram(event, event.q_prime, P) == nothing
    assert diagrams.nucleus_diagrams(event, event.q_prime) == nothing


# --- the reference table ----------------------------------------------------------------------------------------


def reference_rows() -> list[dict[str, str]]:
    with OUTPUT.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def length(a: tuple[mpf, ...]) -> mpf:
    return mp.sqrt(sum(x * x for x in a[1:]))


def cosine_and_sine(a: tuple[mpf, ...], b: tuple[mpf, ...]) -> tuple[mpf, mpf]:
    cross = (a[2] * b[3] - a[3] * b[2], a[3] * b[1] - a[1] * b[3], a[1] * b[2] - a[2] * b[1])
    scale = length(a) * length(b)
    return sum(x * y for x, y in zip(a[1:], b[1:], strict=True)) / scale, length((mpf(0), *cross)) / scale


def laboratory(mom: Momenta, phi: float) -> SimpleNamespace:
    """Fields of pheno::Point that the amplitude reads, from four-momenta."""
    q, r = add(mom.Pi, mom.Pf, -1), add(mom.p, mom.pp, -1)
    Q, before = add(mom.p, q), add(mom.p, mom.k, -1)
    t = -dot(q, q)
    fields = {"E": mom.p[0], "p": length(mom.p), "EX": mom.k[0], "k": length(mom.k), "Ep": mom.pp[0]}
    fields |= {"pp": length(mom.pp), "Q": length(Q), "M": mom.M, "T": t / (2 * mom.M), "t": t, "t1": -dot(r, r)}
    fields |= {"s": dot(Q, Q) - mom.m**2, "U": mom.m**2 - dot(before, before)}
    fields["q_par"] = sum(x * y for x, y in zip(q[1:], Q[1:], strict=True)) / length(Q)
    for name, vector in (("a", mom.p), ("b", mom.k), ("bp", mom.pp)):
        fields[f"cos_{name}"], fields[f"sin_{name}"] = cosine_and_sine(vector, Q)
    fields["cos_phi"] = mp.cos(mpf(phi))
    fields["one_minus_cos_phi"] = 2 * mp.sin(mpf(phi) / 2) ** 2
    return SimpleNamespace(**fields)


def evaluate(point: SimpleNamespace, m: object, m_X: object, couplings: tuple[int, int, int], real: type) -> object:
    """L by the printed statements, in the arithmetic of ``real``."""
    c = SimpleNamespace(**dict(zip(("lepton", "photon", "nucleus"), map(real, couplings), strict=True)))
    v = SimpleNamespace(**{name: real(value) for name, value in vars(point).items()})
    sqrt = math.sqrt if real is float else mp.sqrt
    scope = {"Real": real, "v": v, "c": c, "m": real(m), "m_X": real(m_X), "sqrt": sqrt, "abs": abs}
    amplitudes, broken = tensor.steps()
    for program in (tensor.frame(), amplitudes, broken):
        scope = program.run(scope)
    return tensor.total(amplitudes, broken, conserved=len(set(couplings)) == 1).run(scope)["L"]


@pytest.fixture(scope="module")
def table() -> list[tuple[dict[str, str], SimpleNamespace]]:
    points = []
    for row in reference_rows():
        numbers = [float(row[name]) for name in ("E", "m", "M", "m_X")]
        where = [float(row[name]) for name in ("value", "t", "z", "phi")]
        given = Point(row["lepton"], int(row["Z"]), int(row["A"]), *numbers, row["given"], *where)
        with mp.workdps(DPS):
            points.append((row, laboratory(given.momenta(), given.phi)))
    return points


def test_steps_equal_the_independent_spinor_evaluation(table: list[tuple[dict[str, str], SimpleNamespace]]) -> None:
    """Every coupling, every 10th point: 25 digits are tabulated, so 24 must agree."""
    for row, point in table[::10]:
        with mp.workdps(DPS):
            for couplings in COUPLINGS:
                L = evaluate(point, mpf(float(row["m"])), mpf(float(row["m_X"])), couplings, mpf)
                assert abs(L / mpf(row[tensor_column(couplings)]) - 1) < mpf(10) ** -24


def test_double_precision_keeps_nine_digits(table: list[tuple[dict[str, str], SimpleNamespace]]) -> None:
    """1 keV to threshold, 0.5 GeV to 1 TeV: inputs rounded to double, worst error measured below 1e-11."""
    assert len(table) >= 400
    errors = [
        abs(evaluate(point, float(row["m"]), float(row["m_X"]), (1, 1, 1), float) / float(row["tensor_111"]) - 1)
        for row, point in table
    ]
    assert max(errors) < 1e-9
    assert sorted(errors)[len(errors) // 2] < 4e-15


def test_double_precision_without_conservation(table: list[tuple[dict[str, str], SimpleNamespace]]) -> None:
    """The 1/m_X^4 part is built by itself, so unequal couplings are as accurate as equal ones."""
    for row, point in table[::5]:
        for couplings in COUPLINGS[1:]:
            L = evaluate(point, float(row["m"]), float(row["m_X"]), couplings, float)
            assert L == pytest.approx(float(row[tensor_column(couplings)]), rel=1e-9, abs=0)
