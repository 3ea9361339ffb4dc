"""Feynman diagrams of l(p) N(P_i) -> l(p') N(P_f) G(k), massive spin 2, in exact arithmetic.

Everything is taken at face value: explicit gamma matrices, vertices and propagators, physical
polarisations. A point has Gaussian rational components, so two expressions that agree at a few random
points are the same rational function; no rounding hides a wrong sign. `tensor.py` holds the form that
is printed as C++, and the tests compare the two.

Conventions: metric +---, q = P_i - P_f, q' = p - p', P = P_i + P_f, j = ubar(p') gamma u(p),
{a,b} = a b + b a, common factor e^2 Z F/(Lambda q^2) taken out. Universal couplings make the sum of the
diagrams conserved; the source is T. Han, J. Lykken and R.-J. Zhang, Phys. Rev. D 59 (1999) 105006,
hep-ph/9811350, appendix A, with the scalar nucleus and its contact vertex.

Light-front components refer to the axis k: a^+- = a^0 +- a^3, a_R = a^1 + i a^2, a_L = a^1 - i a^2.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from sympy import QQ, QQ_I

Number = Any  # an element of QQ_I
Vector = list[Number]
Matrix = list[list[Number]]
Tensor = list[list[Number]]

ZERO, ONE, IMAG = QQ_I(0, 0), QQ_I(1, 0), QQ_I(0, 1)
HALF = QQ_I(QQ(1, 2), 0)
METRIC = (1, -1, -1, -1)
PAULI = (
    ((ONE, ZERO), (ZERO, ONE)),
    ((ZERO, ONE), (ONE, ZERO)),
    ((ZERO, -IMAG), (IMAG, ZERO)),
    ((ONE, ZERO), (ZERO, -ONE)),
)


def dot(a: Vector, b: Vector) -> Number:
    """Return the scalar product."""
    return sum((METRIC[i] * a[i] * b[i] for i in range(4)), ZERO)


def combine(*terms: tuple[Number, Vector]) -> Vector:
    """Return a linear combination of vectors."""
    return [sum((c * v[i] for c, v in terms), ZERO) for i in range(4)]


def braces(a: Vector, b: Vector) -> Tensor:
    """Return {a,b}."""
    return [[a[i] * b[j] + a[j] * b[i] for j in range(4)] for i in range(4)]


def metric() -> Tensor:
    """Return the metric tensor."""
    return [[METRIC[i] * ONE if i == j else ZERO for j in range(4)] for i in range(4)]


def add_tensors(*terms: tuple[Number, Tensor]) -> Tensor:
    """Return a linear combination of tensors."""
    return [[sum((c * t[i][j] for c, t in terms), ZERO) for j in range(4)] for i in range(4)]


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix product."""
    return [[sum((a[i][n] * b[n][j] for n in range(len(b))), ZERO) for j in range(len(b[0]))] for i in range(len(a))]


def gamma(mu: int) -> Matrix:
    """Return a Dirac matrix in the chiral representation, components ordered (L, R)."""
    sign = ONE if mu == 0 else -ONE
    rows = [[ZERO] * 4 for _ in range(4)]
    for i in range(2):
        for j in range(2):
            rows[i][j + 2] = PAULI[mu][i][j]
            rows[i + 2][j] = sign * PAULI[mu][i][j]
    return rows


GAMMA = [gamma(mu) for mu in range(4)]


def slashed(a: Vector, mass: Number = ZERO) -> Matrix:
    """Return a_mu gamma^mu + mass."""
    total = [[mass if i == j else ZERO for j in range(4)] for i in range(4)]
    for mu in range(4):
        for i in range(4):
            for j in range(4):
                total[i][j] += METRIC[mu] * a[mu] * GAMMA[mu][i][j]
    return total


def light_front(plus: Number, minus: Number, x: Number, y: Number) -> Vector:
    """Return the vector with these components."""
    return [(plus + minus) * HALF, x, y, (plus - minus) * HALF]


def plus(a: Vector) -> Number:
    """Return a^+."""
    return a[0] + a[3]


def conjugate(z: Number) -> Number:
    """Return the complex conjugate."""
    return QQ_I(z.x, -z.y)


def spinor(p: Vector, m: Number, up: bool) -> Matrix:
    """Return sqrt(p^+) times the light-front helicity spinor as a column.

    See G. P. Lepage and S. J. Brodsky, Phys. Rev. D 22 (1980) 2157, appendix A, here in the chiral
    representation. The factor makes it rational.
    """
    right, left = p[1] + IMAG * p[2], p[1] - IMAG * p[2]
    column = [m, ZERO, plus(p), right] if up else [-left, plus(p), ZERO, m]
    return [[entry] for entry in column]


@dataclass
class Event:
    """Masses and momenta of one point; k is along axis 3, p' in the plane of axes 1 and 3."""

    m: Number
    m_X: Number
    M: Number
    p: Vector
    k: Vector
    p_prime: Vector

    @property
    def q(self) -> Vector:
        """Momentum given by the nucleus."""
        return combine((ONE, self.p_prime), (ONE, self.k), (-ONE, self.p))

    @property
    def q_prime(self) -> Vector:
        """Momentum given by the lepton."""
        return combine((ONE, self.p), (-ONE, self.p_prime))

    @property
    def P_i(self) -> Vector:
        """Nucleus at rest."""
        return [self.M, ZERO, ZERO, ZERO]

    @property
    def P_f(self) -> Vector:
        """Recoiling nucleus."""
        return combine((ONE, self.P_i), (-ONE, self.q))


def random_event(rng: random.Random) -> Event:
    """Return a point with random rational components, on shell; M follows from q^2 + 2 M q^0 = ... = 0."""

    def rational() -> Number:
        return QQ_I(QQ(rng.randint(1, 30), rng.randint(1, 12)), 0)

    m, m_X = rational(), rational()
    p_plus, k_plus, l_plus, px, py, lx = (rational() for _ in range(6))
    p = light_front(p_plus, (m * m + px * px + py * py) / p_plus, px, py)
    k = light_front(k_plus, m_X * m_X / k_plus, ZERO, ZERO)
    p_prime = light_front(l_plus, (m * m + lx * lx) / l_plus, lx, ZERO)
    event = Event(m, m_X, ONE, p, k, p_prime)
    event.M = dot(event.q, event.q) / (2 * event.q[0])  # (P_i - q)^2 = M^2 with P_i at rest
    return event


@dataclass
class Diagrams:
    """Tensors of the three gauge-invariant subsets, upper indices."""

    lepton: Tensor
    photon: Tensor
    nucleus: Tensor

    def total(self, c_lepton: Number = ONE, c_photon: Number = ONE, c_nucleus: Number = ONE) -> Tensor:
        """Return the sum with couplings."""
        return add_tensors((c_lepton, self.lepton), (c_photon, self.photon), (c_nucleus, self.nucleus))


def current(bar: Matrix, inner: Matrix, u: Matrix) -> Number:
    """Return ubar' inner u."""
    return multiply(multiply(bar, inner), u)[0][0]


def bar_of(u: Matrix) -> Matrix:
    """Return the Dirac adjoint as a row."""
    return multiply([[conjugate(row[0]) for row in u]], GAMMA[0])


def lepton_diagrams(e: Event, bar: Matrix, u: Matrix, P: Vector) -> Tensor:
    """Return emission from the lepton, contact vertex included; P is the source of the photon."""
    s = dot(combine((ONE, e.p_prime), (ONE, e.k)), combine((ONE, e.p_prime), (ONE, e.k))) - e.m * e.m
    before, after = combine((ONE, e.p), (-ONE, e.k)), combine((ONE, e.p_prime), (ONE, e.k))
    minus_U = dot(before, before) - e.m * e.m
    early = multiply(slashed(P), slashed(before, e.m))
    late = multiply(slashed(after, e.m), slashed(P))
    V_i = [current(bar, multiply(early, GAMMA[mu]), u) / minus_U for mu in range(4)]
    V_f = [current(bar, multiply(GAMMA[mu], late), u) / s for mu in range(4)]
    j = [current(bar, GAMMA[mu], u) for mu in range(4)]
    return add_tensors(
        (HALF, braces(V_i, combine((ONE, e.p), (-HALF, e.k)))),
        (HALF, braces(V_f, combine((ONE, e.p_prime), (HALF, e.k)))),
        (-HALF, braces(j, P)),
    )


def photon_diagram(e: Event, j: Vector, P: Vector) -> Tensor:
    """Return gamma gamma -> G with the photon sources j and P."""
    q, r = e.q, e.q_prime
    t2 = dot(r, r)
    qr, jP, qj, rP = dot(q, r), dot(j, P), dot(q, j), dot(r, P)
    return add_tensors(
        (-jP / t2, braces(q, r)),
        (rP / t2, braces(q, j)),
        (qj / t2, braces(P, r)),
        (-qr / t2, braces(P, j)),
        ((qr * jP - qj * rP) / t2, metric()),
    )


def nucleus_diagrams(e: Event, j: Vector) -> Tensor:
    """Return emission from the scalar nucleus, contact vertex included; j is the source of the photon."""
    P_i, P_f, k, r = e.P_i, e.P_f, e.k, e.q_prime
    ratio = dot(e.q, e.q) / dot(r, r)
    before, after = combine((ONE, P_i), (-ONE, k)), combine((ONE, P_f), (ONE, k))
    D_i, D_f = dot(before, before) - e.M * e.M, dot(after, after) - e.M * e.M
    P = combine((ONE, P_i), (ONE, P_f))
    c_i = ratio * dot(j, combine((ONE, before), (ONE, P_f))) / D_i
    c_f = ratio * dot(j, combine((ONE, P_i), (ONE, after))) / D_f
    return add_tensors(
        (c_i, braces(P_i, before)),
        (c_i * dot(P_i, k), metric()),
        (c_f, braces(P_f, after)),
        (-c_f * dot(P_f, k), metric()),
        (-ratio, braces(j, P)),
        (ratio * dot(j, P), metric()),
    )


def diagrams(e: Event, spin_up_out: bool) -> Diagrams:
    """Return the amplitude for an initial lepton of light-front helicity +1/2, up to sqrt(p^+ p'^+)."""
    u, bar = spinor(e.p, e.m, up=True), bar_of(spinor(e.p_prime, e.m, up=spin_up_out))
    j = [current(bar, GAMMA[mu], u) for mu in range(4)]
    P = combine((ONE, e.P_i), (ONE, e.P_f))
    return Diagrams(lepton_diagrams(e, bar, u, P), photon_diagram(e, j, P), nucleus_diagrams(e, j))


def helicity_amplitudes(e: Event, M: Tensor) -> dict[str, Number]:
    """Contract with the physical polarisations of G.

    With e_3 = (|k|, E_X khat)/m_X and a_3 = -a.e_3 these are M_RR/2, M_LL/2, M_R3, M_L3 and
    M_33 - (M_11 + M_22)/2: sum |eps.M|^2 is the sum of their squares, the last one times 2/3.
    """
    E_X, k, m_X = e.k[0], e.k[3], e.m_X

    def third(i: int) -> Number:
        return (E_X * M[i][3] - k * M[i][0]) / m_X

    along = (E_X * third(3) - k * third(0)) / m_X
    return {
        "RR": (M[1][1] - M[2][2]) * HALF + IMAG * M[1][2],
        "LL": (M[1][1] - M[2][2]) * HALF - IMAG * M[1][2],
        "R3": third(1) + IMAG * third(2),
        "L3": third(1) - IMAG * third(2),
        "00": along - (M[1][1] + M[2][2]) * HALF,
    }


def divergence(e: Event, M: Tensor) -> Vector:
    """Return k_mu M^{mu nu}."""
    return [sum((METRIC[i] * e.k[i] * M[i][j] for i in range(4)), ZERO) for j in range(4)]
