"""Print cpp/generated/gauss_legendre.hpp: Gauss-Legendre nodes and weights on [0, 1].

Newton iteration on the Legendre polynomial in 40-digit arithmetic, rounded to double once.
Run ``python tools/gauss_legendre.py`` to rewrite the header; a test regenerates and compares it.
"""

from __future__ import annotations

from pathlib import Path

import mpmath

ORDERS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48)
HEADER = Path(__file__).parents[1] / "cpp" / "generated" / "gauss_legendre.hpp"


def rule(n: int) -> list[tuple[float, float]]:
    """Nodes and weights of the n-point rule on [0, 1], in increasing order of the node."""
    with mpmath.workdps(40):
        pairs = []
        for i in range(n, 0, -1):
            x = mpmath.cos(mpmath.pi * (i - mpmath.mpf(1) / 4) / (n + mpmath.mpf(1) / 2))
            for _ in range(60):
                step, slope = _newton(n, x)
                x -= step
                if abs(step) < mpmath.mpf(10) ** -38:
                    break
            _, slope = _newton(n, x)
            pairs.append((float((1 + x) / 2), float(1 / ((1 - x * x) * slope * slope))))
    return pairs


def _newton(n: int, x: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    low, high = mpmath.mpf(1), x
    for j in range(2, n + 1):
        low, high = high, ((2 * j - 1) * x * high - (j - 1) * low) / j
    slope = n * (x * high - low) / (x * x - 1)
    return high / slope, slope


def emit() -> str:
    """Return the text of the header."""
    lines = [
        "// Printed by tools/gauss_legendre.py; do not edit.",
        "/// Gauss-Legendre nodes and weights on [0, 1].",
        "#pragma once",
        "",
        "namespace pheno {",
        "",
        "struct GaussLegendre {",
        "    int n;                ///< number of nodes",
        "    const double* node;   ///< increasing, inside (0, 1)",
        "    const double* weight; ///< sum to 1",
        "};",
        "",
        "namespace generated {",
    ]
    for n in ORDERS:
        nodes, weights = zip(*rule(n), strict=True)
        for name, values in (("node", nodes), ("weight", weights)):
            lines.append(f"inline constexpr double {name}{n}[] = {{")
            lines += [f"    {value!r}," for value in values]
            lines.append("};")
    lines += [
        "}  // namespace generated",
        "",
        f"inline constexpr int gauss_legendre_count = {len(ORDERS)};",
        "inline constexpr GaussLegendre gauss_legendre[] = {",
    ]
    lines += [f"    {{{n}, generated::node{n}, generated::weight{n}}}," for n in ORDERS]
    lines += ["};", "", "}  // namespace pheno", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    HEADER.write_text(emit(), encoding="utf-8")
