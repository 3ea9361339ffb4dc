"""Print the amplitudes as C++.

``python -m derive.emit`` (from ``tools/``) writes ``cpp/generated``. The text depends on nothing but this
folder, so that a test can compare the committed files with what the derivation prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sympy
from sympy.printing.c import C99CodePrinter

from derive.bremsstrahlung import StableForm, stable_form
from derive.vertices import VERTICES

GENERATED = Path(__file__).parents[2] / "cpp" / "generated"
BANNER = "// Printed by tools/derive/emit.py; do not edit."


class Printer(C99CodePrinter):
    """C++ without pow(): squares are common subexpressions or products, fractions are ``Real``."""

    def _print_Pow(self, expr: sympy.Pow) -> str:
        if expr.exp.is_Integer and expr.exp > 0:
            base = self.parenthesize(expr.base, sympy.printing.precedence.PRECEDENCE["Mul"])
            return "*".join([base] * int(expr.exp))
        if expr.exp == -1:
            base = self.parenthesize(expr.base, sympy.printing.precedence.PRECEDENCE["Pow"])
            return f"1/{base}"
        msg = f"{expr}: only integer powers and reciprocals are expected"
        raise ValueError(msg)

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"Real({expr.p})/{expr.q}"


@dataclass(frozen=True)
class Kernel:
    """One generated function.

    Parameters
    ----------
    documentation
        Lines of the doc comment.
    name
        Name of the function.
    point
        Type of the point ``v``.
    parameters
        Scalar parameters; one that the expression does not contain stays unnamed.
    fields
        Members of ``v`` that are read, by the name of their symbol.
    expression
        The value, in the symbols of ``fields`` and of the scalar parameters.
    """

    documentation: str
    name: str
    point: str
    parameters: tuple[str, ...]
    fields: dict[str, str]
    expression: sympy.Expr

    def text(self) -> str:
        """Return the function as C++."""
        lines = [f"/// {line}".rstrip() for line in self.documentation.splitlines()]
        used = {symbol.name for symbol in self.expression.free_symbols}
        scalars = ", ".join(f"Real {name}" if name in used else f"Real /*{name}*/" for name in self.parameters)
        lines += [
            "template <class Real>",
            f"[[nodiscard]] inline Real {self.name}(const {self.point}<Real>& v, {scalars}) noexcept {{",
        ]
        lines += [f"    const Real {name} = {member};" for name, member in self.fields.items() if name in used]
        names = sympy.numbered_symbols("x")
        steps, (value,) = sympy.cse([self.expression], symbols=names, order="canonical")
        printer = Printer()
        lines += [f"    const Real {name} = {printer.doprint(step)};" for name, step in steps]
        lines += [f"    return {printer.doprint(value)};", "}"]
        return "\n".join(lines)


def header(title: str, include: str, kernel: Kernel) -> str:
    """Return a complete header with one function."""
    return "\n".join(
        [
            BANNER,
            f"/// {title}",
            "#pragma once",
            "",
            f'#include "{include}"',
            "",
            "namespace pheno {",
            "",
            kernel.text(),
            "",
            "}  // namespace pheno",
            "",
        ]
    )


MASSES = {sympy.Symbol("m2"): sympy.Symbol("m") ** 2, sympy.Symbol("X2"): sympy.Symbol("m_X") ** 2}


def readable(coefficient: sympy.Expr) -> str:
    """Return a coefficient as text, in m and m_X."""
    text = str(sympy.factor(coefficient.subs(MASSES)))
    return text.replace("**", "^").replace("*", " ")


def stable_expression(form: StableForm) -> sympy.Expr:
    """Return the stable form in the fields of ``Point``."""
    s, U, t, PP, PD, G1, G2, Gk, qk2 = sympy.symbols("s U t PP PD G1 G2 Gk qk2")
    squares = form.c_D * PD**2 + t * PP * (form.c_plus * (s + U) ** 2 + form.c_minus * qk2**2)
    norm = 1 / (s * U)
    return (norm * (norm * squares + form.c_k * Gk + form.c_1 * (G1 + G2))).subs(MASSES)


def equation(form: StableForm) -> str:
    """Return the stable form as lines of text."""
    inner = [(form.c_plus, "(s+U)^2"), (form.c_minus, "(s-U)^2")]
    bracket = " + ".join(f"[{readable(c)}] {text}" for c, text in inner if c != 0)
    lines = [f"  L = {{ [{readable(form.c_D)}] PD^2", f"        + t PP ( {bracket} ) }} / (sU)^2"]
    grams = [(form.c_k, "Gk"), (form.c_1, "(G1 + G2)")]
    outer = " + ".join(f"[{readable(c)}] {text}" for c, text in grams if c != 0)
    return "\n".join([*lines, f"      + {{ {outer} }} / (sU)"])


def bremsstrahlung(name: str) -> str:
    """Return the header of l N -> l N X for a mediator of spin 0 or 1."""
    vertex, form = VERTICES[name], stable_form(name)
    documentation = f"""\
Lepton tensor of l N -> l N X for the {name.replace("_", " ")} mediator, {vertex.lagrangian}.

{equation(form)}

The sum over all spins of |ubar(p') Gamma.P u(p)|^2 at g = 1; stripped are g^2, the nuclear vertex and the
photon propagator. Equal to the Dirac traces identically (tools/derive/bremsstrahlung.py).
Weizsaecker-Williams limit: {vertex.source}.

@param v    point of phase space; reads s, U, t, PP, PD and the Gram determinants of tools/derive [GeV^n]
@param m    lepton mass [GeV]
@param m_X  mediator mass [GeV]
@return     L [GeV^2]"""
    fields = {f: f"v.{f}" for f in ("s", "U", "t", "PP", "PD", "G1", "G2", "Gk", "qk2")}
    kernel = Kernel(documentation, f"{name}_squared", "Point", ("m", "m_X"), fields, stable_expression(form))
    return header(f"Amplitude of the {name.replace('_', ' ')} mediator.", "pheno/kinematics.hpp", kernel)


HEADERS: dict[str, Callable[[], str]] = {name: (lambda name=name: bremsstrahlung(name)) for name in VERTICES}


def main() -> None:
    """Write every header."""
    for name, text in HEADERS.items():
        (GENERATED / f"{name}.hpp").write_text(text())


if __name__ == "__main__":
    main()
