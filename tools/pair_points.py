"""Points of tests/references/amplitudes.csv in the coordinates of the frame of the pair."""

from __future__ import annotations

import mpmath as mp


def energy_share(row: dict[str, str]) -> float:
    """E_X/E of a row."""
    m, m_X, E, given = (float(row[name]) for name in ("m", "m_X", "E", "value"))
    return (E - m - given if row["given"] == "omega" else m_X + given) / E


def pair_coordinates(row: dict[str, str]) -> list[float]:
    """(m, M, m_X, E, t, eta, b, 2 - b, 1 - cos phi) of a row, in 60 digits from the numbers that define it."""
    with mp.workdps(60):
        m, M, m_X, E, given, t, z, phi = (mp.mpf(row[n]) for n in ("m", "M", "m_X", "E", "value", "t", "z", "phi"))
        E_X = E - m - given if row["given"] == "omega" else m_X + given
        T = t / (2 * M)
        k, E_out = mp.sqrt(E_X**2 - m_X**2), E - E_X - T
        p_out = mp.sqrt(E_out**2 - m**2)
        s = m_X**2 + 2 * (E_X * E_out - k * p_out) + z
        W = mp.sqrt(s + m**2)
        Q = mp.sqrt((E_X + E_out) ** 2 - W**2)
        E_pair = (s + m_X**2) / (2 * W)
        k_pair = mp.sqrt(E_pair**2 - m_X**2)
        cosine = (E_X * W - (E_X + E_out) * E_pair) / (Q * k_pair)
        # p in the frame of the pair, along Q, decides which end is near
        p_par = (E**2 - m**2 + Q**2 - (t + T**2)) / (2 * Q)
        front = ((E_X + E_out) * p_par - Q * E) >= 0
        b, rest = (1 - cosine, 1 + cosine) if front else (1 + cosine, 1 - cosine)
        eta = mp.acosh((s - m_X**2) / (2 * m * m_X))
        return [float(x) for x in (m, M, m_X, E, t, eta, b, rest, 2 * mp.sin(phi / 2) ** 2)]
