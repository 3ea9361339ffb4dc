"""Spin sums of l(p) gamma(q) -> l(p') X(k) with a real photon, from explicit spinors and polarisations.

L = sum over all spins, the two polarisations of the photon included, at unit coupling with e^2 taken out:
sum |M|^2 = 4 pi alpha coupling^2 L. It is what a Weizsaecker-Williams cross section multiplies with a flux.
"""

from __future__ import annotations

from mpmath import mp, mpf

from .kinematics import DPS, FourVector, Momenta
from .spinors import (
    SPINS,
    LeptonLine,
    _contract,
    _vertices,
    lepton_terms,
    photon_terms,
    polarisations_spin2,
)

PHOTON_POLARISATIONS: tuple[FourVector, ...] = ((mpf(0), mpf(1), mpf(0), mpf(0)), (mpf(0), mpf(0), mpf(1), mpf(0)))


def centre_of_mass(s: float, U: float, m: float, mX: float) -> Momenta:
    """Four-momenta with (p'+k)^2 = s + m^2 and (p-k)^2 = m^2 - U; the photon is P_i, along -z."""
    with mp.workdps(DPS):
        s_, U_, m_, mX_ = mpf(s), mpf(U), mpf(m), mpf(mX)
        W = mp.sqrt(s_ + m_**2)
        q = s_ / (2 * W)
        E = mp.sqrt(q**2 + m_**2)
        Ek = (s_ + mX_**2) / (2 * W)
        k2 = Ek**2 - mX_**2
        if k2 < 0:
            msg = f"s = {s} is below threshold"
            raise ValueError(msg)
        k = mp.sqrt(k2)
        # m^2 - (p-k)^2 = 2 (E E_k - q k cos) - m_X^2
        cosine = (2 * E * Ek - mX_**2 - U_) / (2 * q * k)
        if abs(cosine) > 1:
            msg = f"U = {U} is outside the physical region"
            raise ValueError(msg)
        sine = mp.sqrt(1 - cosine**2)
        zero = mpf(0)
        return Momenta(
            p=(E, zero, zero, q),
            pp=(W - Ek, -k * sine, zero, -k * cosine),
            k=(Ek, k * sine, zero, k * cosine),
            Pi=(q, zero, zero, -q),
            Pf=(zero, zero, zero, zero),
            m=m_,
            M=zero,
            mX=mX_,
        )


def spin_sum(mediator: str, mom: Momenta, c_l: float = 1, c_gamma: float = 1) -> mpf:
    """L of one point [spin 0 and 1: 1; tensor: GeV^2 at Lambda = 1 GeV]."""
    with mp.workdps(DPS):
        total = mpf(0)
        for photon in PHOTON_POLARISATIONS:
            line = LeptonLine(mom, photon)
            for i, f in SPINS:
                if mediator == "tensor":
                    M = c_l * sum(lepton_terms(mom, line, photon, i, f))
                    M = M + c_gamma * sum(photon_terms(mom, line.current(i, f), photon))
                    total += sum(abs(_contract(e, M)) ** 2 for e in polarisations_spin2(mom.k, mom.mX))
                else:
                    total += sum(abs(sum(line.emission(G, i, f))) ** 2 for G in _vertices(mediator, mom))
        return total
