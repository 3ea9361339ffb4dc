"""Tree amplitudes of l N -> l N X from explicit Dirac spinors and polarisations, in extended precision.

No trace, no projector, no simplification: matrices in the Dirac representation, u(p, s) = (pslash + m) chi_s /
sqrt(E + m), polarisations of X transverse to k and normalised, every spin state summed one by one.  The results are

    L = sum over all spins |ubar(p') Gamma^mu u(p) P_mu|^2,      P = P_i + P_f,

at unit coupling for spin 0 and 1, and for the tensor L = sum |eps*_{mu nu} (c_l M_l + c_gamma M_g + c_N M_N)^{mu nu}|^2
at Lambda = 1 GeV with the factor e^2 Z F(t)/q^2 taken out, so that for all mediators

    (1/2) sum |M|^2 = (1/2) (4 pi alpha)^2 Z^2 F^2(t)/t^2 * coupling^2 * L.

Feynman rules: scalar 1, pseudoscalar i gamma5, vector gamma^mu, axial vector gamma^mu gamma5; tensor: minimal coupling
-(1/Lambda) G^{mu nu} T_{mu nu} with the energy-momentum tensors of lepton, photon and a charged spin-0 nucleus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpmath import mp, mpc, mpf

from .kinematics import DPS, FourVector, Momenta, add, dot

MEDIATORS = ("scalar", "pseudoscalar", "vector", "axial_vector")

Array = np.ndarray[Any, np.dtype[np.object_]]

_I = mpc(0, 1)


def _matrix(rows: Sequence[Sequence[complex]]) -> Array:
    return np.array([[mpc(x) for x in row] for row in rows], dtype=object)


def _gammas() -> tuple[tuple[Array, ...], Array]:
    sigma = ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])
    out = [_matrix(np.diag([1, 1, -1, -1]).tolist())]
    for pauli in sigma:
        big = np.zeros((4, 4), dtype=complex)
        big[:2, 2:] = pauli
        big[2:, :2] = -np.array(pauli)
        out.append(_matrix(big.tolist()))
    gamma5 = _I * out[0].dot(out[1]).dot(out[2]).dot(out[3])
    return tuple(out), gamma5


GAMMA, GAMMA5 = _gammas()
ONE = _matrix(np.eye(4).tolist())
METRIC = (1, -1, -1, -1)


def slash(v: Sequence[mpf]) -> Array:
    """v_mu gamma^mu."""
    return v[0] * GAMMA[0] - v[1] * GAMMA[1] - v[2] * GAMMA[2] - v[3] * GAMMA[3]


def spinors(p: FourVector, m: mpf) -> tuple[Array, Array]:
    """The two solutions of (pslash - m) u = 0 with ubar u = 2m, quantised along z in the rest frame."""
    boost = (slash(p) + m * ONE) / mp.sqrt(p[0] + m)
    return boost[:, 0], boost[:, 1]


def bar(u: Array) -> Array:
    """ubar = u^dagger gamma^0."""
    return np.array([mp.conj(x) for x in u], dtype=object).dot(GAMMA[0])


def polarisations_spin1(k: FourVector, mX: mpf) -> list[FourVector]:
    """Three real vectors with e.k = 0, e_a.e_b = -delta_ab: two transverse, one longitudinal."""
    k_abs = mp.sqrt(k[1] ** 2 + k[2] ** 2 + k[3] ** 2)
    n = [k[1] / k_abs, k[2] / k_abs, k[3] / k_abs]
    # the axis least aligned with k, made orthogonal to it
    axis = min(range(3), key=lambda i: abs(n[i]))
    first = [(1 if i == axis else 0) - n[axis] * n[i] for i in range(3)]
    norm = mp.sqrt(sum(x * x for x in first))
    first = [x / norm for x in first]
    second = [n[(i + 1) % 3] * first[(i + 2) % 3] - n[(i + 2) % 3] * first[(i + 1) % 3] for i in range(3)]
    longitudinal = (k_abs / mX, *(k[0] * x / mX for x in n))
    return [(mpf(0), *first), (mpf(0), *second), longitudinal]


def polarisations_spin2(k: FourVector, mX: mpf) -> list[Array]:
    """Five real symmetric tensors eps^{mu nu}: transverse, traceless, eps_a:eps_b = delta_ab."""
    e = [np.array(v, dtype=object) for v in polarisations_spin1(k, mX)]

    def pair(a: int, b: int) -> Array:
        return np.outer(e[a], e[b])

    root2, root6 = mp.sqrt(2), mp.sqrt(6)
    return [
        (pair(0, 0) - pair(1, 1)) / root2,
        (pair(0, 1) + pair(1, 0)) / root2,
        (pair(0, 2) + pair(2, 0)) / root2,
        (pair(1, 2) + pair(2, 1)) / root2,
        (pair(0, 0) + pair(1, 1) - 2 * pair(2, 2)) / root6,
    ]


class LeptonLine:
    """Spinors and propagators of one phase-space point, with the nuclear current replaced by any vector `P`.

    `emission(Gamma, i, f)` is ubar_f(p') [P-slash S(p-k) Gamma + Gamma S(p'+k) P-slash] u_i(p), with the two terms
    returned separately.
    """

    def __init__(self, mom: Momenta, P: FourVector) -> None:
        pk, Q = add(mom.p, mom.k, -1), add(mom.pp, mom.k)
        self.u = dot(pk, pk) - mom.m**2
        self.s = dot(Q, Q) - mom.m**2
        self.incoming = spinors(mom.p, mom.m)
        self.outgoing = [bar(v) for v in spinors(mom.pp, mom.m)]
        before = (slash(P).dot(slash(pk) + mom.m * ONE)) / self.u
        after = ((slash(Q) + mom.m * ONE).dot(slash(P))) / self.s
        self._left = [v.dot(before) for v in self.outgoing]
        self._right = [after.dot(v) for v in self.incoming]

    def emission(self, Gamma: Array, i: int, f: int) -> tuple[mpc, mpc]:
        """(emission from the incoming lepton, emission from the outgoing lepton)."""
        return self._left[f].dot(Gamma.dot(self.incoming[i])), self.outgoing[f].dot(Gamma.dot(self._right[i]))

    def current(self, i: int, f: int) -> list[mpc]:
        """j^mu = ubar_f(p') gamma^mu u_i(p)."""
        return [self.outgoing[f].dot(g.dot(self.incoming[i])) for g in GAMMA]


SPINS = tuple((i, f) for i in (0, 1) for f in (0, 1))


def _nuclear(mom: Momenta) -> FourVector:
    return add(mom.Pi, mom.Pf)


def _vertices(mediator: str, mom: Momenta) -> list[Array]:
    """Gamma contracted with each polarisation (eps* = eps: the polarisations are real)."""
    if mediator == "scalar":
        return [ONE]
    if mediator == "pseudoscalar":
        return [_I * GAMMA5]
    vectors = [slash(e) for e in polarisations_spin1(mom.k, mom.mX)]
    if mediator == "vector":
        return vectors
    if mediator == "axial_vector":
        return [v.dot(GAMMA5) for v in vectors]
    message = f"mediator must be one of {MEDIATORS}, got {mediator!r}"
    raise ValueError(message)


def lepton_tensor(mediator: str, mom: Momenta) -> mpf:
    """L for spin 0 and 1 at unit coupling, summed over all spins [GeV^2]."""
    with mp.workdps(DPS):
        line = LeptonLine(mom, _nuclear(mom))
        total = mpf(0)
        for Gamma in _vertices(mediator, mom):
            for i, f in SPINS:
                total += abs(sum(line.emission(Gamma, i, f))) ** 2
        return total


def _sym(a: Sequence[Any], b: Sequence[Any]) -> Array:
    """{a, b} = a^mu b^nu + a^nu b^mu."""
    out = np.outer(np.array(a, dtype=object), np.array(b, dtype=object))
    return out + out.T


_G = np.array([[mpf(METRIC[i]) if i == j else mpf(0) for j in range(4)] for i in range(4)], dtype=object)


def lepton_terms(mom: Momenta, line: LeptonLine, P: FourVector, i: int, f: int) -> list[Array]:
    """M_l of one spin state, diagram by diagram: emission before, after, contact (each with its g^{mu nu} term).

    The lepton vertex is (1/4){gamma, p1 + p2} - g [(p1slash + p2slash)/2 - m], the contact vertex enters with a
    minus sign as -[(1/2){gamma, P} - g Pslash].
    """
    half = mpf(1) / 2
    V = [line.emission(g, i, f) for g in GAMMA]
    V_i, V_f = [v[0] for v in V], [v[1] for v in V]
    j = line.current(i, f)
    pk, Q = add(mom.p, mom.k, -1), add(mom.pp, mom.k)
    two_i = add(mom.p, pk)
    two_f = add(mom.pp, Q)
    g_i = sum(line.emission(half * slash(two_i) - mom.m * ONE, i, f)[0:1])
    g_f = sum(line.emission(half * slash(two_f) - mom.m * ONE, i, f)[1:2])
    return [
        half * half * _sym(V_i, two_i) - _G * g_i,
        half * half * _sym(V_f, two_f) - _G * g_f,
        -(half * _sym(j, P) - _G * dot(j, P)),  # type: ignore[arg-type]
    ]


def photon_terms(mom: Momenta, j: Sequence[mpc], P: FourVector) -> list[Array]:
    """M_g, the gamma gamma G vertex between the nuclear photon q and the lepton photon q', term by term."""
    q, qp = add(mom.Pi, mom.Pf, -1), add(mom.p, mom.pp, -1)
    t2 = dot(qp, qp)
    jP, qqp, qpP, qj = dot(j, P), dot(q, qp), dot(qp, P), dot(q, j)  # type: ignore[arg-type]
    terms = [_sym(q, qp) * jP, -_sym(q, j) * qpP, -_sym(P, qp) * qj, _sym(P, j) * qqp, -_G * (qqp * jP - qj * qpP)]
    return [-x / t2 for x in terms]


def nuclear_terms(mom: Momenta, j: Sequence[mpc]) -> list[Array]:
    """M_N: emission from the nucleus before and after, contact; relative to the common factor 1/q^2.

    The scalar vertex is {P1, P2} - g (P1.P2 - M^2), the contact vertex enters as -[{j, P} - g j.P].
    """
    q, qp, P = add(mom.Pi, mom.Pf, -1), add(mom.p, mom.pp, -1), _nuclear(mom)
    ratio = dot(q, q) / dot(qp, qp)
    before, after = add(mom.Pi, mom.k, -1), add(mom.Pf, mom.k)
    D_i, D_f = dot(before, before) - mom.M**2, dot(after, after) - mom.M**2
    c_i = dot(j, add(before, mom.Pf)) / D_i  # type: ignore[arg-type]
    c_f = dot(j, add(mom.Pi, after)) / D_f  # type: ignore[arg-type]
    return [
        ratio * c_i * (_sym(mom.Pi, before) - _G * (dot(mom.Pi, before) - mom.M**2)),
        ratio * c_f * (_sym(mom.Pf, after) - _G * (dot(mom.Pf, after) - mom.M**2)),
        -ratio * (_sym(j, P) - _G * dot(j, P)),  # type: ignore[arg-type]
    ]


def tensor_subsets(mom: Momenta) -> list[tuple[Array, Array, Array]]:
    """(M_l, M_g, M_N)^{mu nu} for each of the four lepton spin states."""
    with mp.workdps(DPS):
        P = _nuclear(mom)
        line = LeptonLine(mom, P)
        out = []
        for i, f in SPINS:
            j = line.current(i, f)
            out.append(
                (sum(lepton_terms(mom, line, P, i, f)), sum(photon_terms(mom, j, P)), sum(nuclear_terms(mom, j)))
            )
        return out


def _contract(eps: Array, M: Array) -> mpc:
    """eps_{mu nu} M^{mu nu}."""
    return sum(METRIC[a] * METRIC[b] * eps[a, b] * M[a, b] for a in range(4) for b in range(4))


class TensorAmplitude:
    """The helicity amplitudes eps:M_l, eps:M_g, eps:M_N of one point; any couplings afterwards."""

    def __init__(self, mom: Momenta) -> None:
        with mp.workdps(DPS):
            polarisations = polarisations_spin2(mom.k, mom.mX)
            self.subsets = tensor_subsets(mom)
            self.helicity = [tuple(_contract(e, M) for M in spin) for spin in self.subsets for e in polarisations]

    def squared(self, c_l: float = 1, c_gamma: float = 1, c_N: float = 1) -> mpf:
        """L from the five physical polarisations at Lambda = 1 GeV [powers of GeV]."""
        with mp.workdps(DPS):
            return sum((abs(c_l * a + c_gamma * b + c_N * c) ** 2 for a, b, c in self.helicity), mpf(0))

    def squared_conserved(self) -> mpf:
        """M_{mu nu} M*^{mu nu} - |M^mu_mu|^2/3 for universal couplings: squared(), because k_mu M^{mu nu} = 0."""
        with mp.workdps(DPS):
            total = mpf(0)
            for spin in self.subsets:
                M = sum(spin)
                square = sum(METRIC[a] * METRIC[b] * abs(M[a, b]) ** 2 for a in range(4) for b in range(4))
                trace = sum(METRIC[a] * M[a, a] for a in range(4))
                total += square - abs(trace) ** 2 / 3
            return total


def lepton_tensor_spin2(mom: Momenta, c_l: float = 1, c_gamma: float = 1, c_N: float = 1) -> mpf:
    """L of the tensor with arbitrary couplings, physical (unitary) polarisations."""
    return TensorAmplitude(mom).squared(c_l, c_gamma, c_N)


# Ward identities: |sum| / (largest individual term); 0 up to rounding where the identity holds.


def _ratio(terms: Sequence[Sequence[Any]]) -> mpf:
    """Largest |component of the sum| over the largest |component of a term|."""
    total = [sum(parts) for parts in zip(*terms, strict=True)]
    size = max(abs(x) for term in terms for x in term)
    return max(abs(x) for x in total) / size


def _worst(mom: Momenta, terms: Callable[[int, int], Sequence[Sequence[Any]]]) -> mpf:
    with mp.workdps(DPS):
        return max(_ratio(terms(i, f)) for i, f in SPINS)


def ward_electromagnetic(mediator: str, mom: Momenta) -> mpf:
    """P -> q: the two diagrams cancel for every vertex and polarisation."""
    with mp.workdps(DPS):
        line = LeptonLine(mom, add(mom.Pi, mom.Pf, -1))
        vertices = _vertices(mediator, mom)
        return max(_worst(mom, lambda i, f, G=G: [[x] for x in line.emission(G, i, f)]) for G in vertices)  # type: ignore[misc]


def ward_vector(mom: Momenta) -> mpf:
    """k_mu M^mu = 0 for the vector mediator."""
    with mp.workdps(DPS):
        line, kslash = LeptonLine(mom, _nuclear(mom)), slash(mom.k)
        return _worst(mom, lambda i, f: [[x] for x in line.emission(kslash, i, f)])


def _divergence(k: FourVector, M: Array) -> list[mpc]:
    return [sum(METRIC[a] * k[a] * M[a, b] for a in range(4)) for b in range(4)]


def ward_tensor(mom: Momenta, c_l: float = 1, c_gamma: float = 1, c_N: float = 1) -> mpf:
    """k_mu (c_l M_l + c_gamma M_g + c_N M_N)^{mu nu}, relative to the largest k.M of a single subset."""
    with mp.workdps(DPS):
        worst = mpf(0)
        for subset in tensor_subsets(mom):
            parts = [_divergence(mom.k, c * M) for c, M in zip((c_l, c_gamma, c_N), subset, strict=True)]
            worst = max(worst, _ratio(parts))
        return worst


def ward_tensor_electromagnetic(mom: Momenta) -> tuple[mpf, mpf, mpf]:
    """(M_l with P -> q, M_g with P -> q, M_N with j -> q'), each relative to its largest term; all vanish."""
    with mp.workdps(DPS):
        q, qp = add(mom.Pi, mom.Pf, -1), add(mom.p, mom.pp, -1)
        line = LeptonLine(mom, q)

        def flat(parts: Sequence[Array]) -> list[list[Any]]:
            return [list(M.ravel()) for M in parts]

        return (
            _worst(mom, lambda i, f: flat(lepton_terms(mom, line, q, i, f))),
            _worst(mom, lambda i, f: flat(photon_terms(mom, line.current(i, f), q))),
            _ratio(flat(nuclear_terms(mom, qp))),
        )


# Closed forms: used by totals.py, checked here against the spinors. They also work on numpy arrays.


def closed_form(
    mediator: str, s: Any, U: Any, t: Any, PD: Any, PP: Any, G1: Any, G2: Any, Gk: Any, m: Any, mX: Any
) -> Any:
    """L of spin 0 and 1 in terms of PD, G_1, G_2, G_k (u = -U).

    Scalar and vector are the published expressions; pseudoscalar and axial vector were found by solving for the
    coefficients of the same seven structures with the spinor evaluation and hold at every other point to 1e-85.
    """
    su, plus, minus, m2, mX2 = -s * U, t * PP * (s - U) ** 2, t * PP * (s + U) ** 2, m * m, mX * mX
    if mediator == "scalar":
        return (8 * (4 * m2 - mX2) * PD**2 + 2 * mX2 * minus - 8 * m2 * plus) / su**2 - 8 * Gk / su
    if mediator == "pseudoscalar":
        return mX2 * (-8 * PD**2 + 2 * minus) / su**2 - 8 * Gk / su
    if mediator == "vector":
        return (mX2 + 2 * m2) * (-16 * PD**2 + 4 * minus) / su**2 - 16 * (G1 + G2) / su
    if mediator == "axial_vector":
        numerator = 16 * (4 * m2 - mX2) * PD**2 + 4 * mX2 * minus - 16 * m2 * plus
        return numerator / su**2 - (16 * (G1 + G2) + 32 * m2 / mX2 * Gk) / su
    message = f"mediator must be one of {MEDIATORS}, got {mediator!r}"
    raise ValueError(message)
