"""Print the amplitudes as C++.

``python -m derive.emit`` (from ``tools/``) writes ``cpp/generated``. The text depends on nothing but this
folder, so that a test can compare the committed files with what the derivation prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sympy
from derive import compton
from derive.bremsstrahlung import StableForm, stable_form
from derive.vertices import VERTICES
from sympy.printing.c import C99CodePrinter

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
        for member in [self.fields[name] for name in used & self.fields.keys()]:
            used |= set(re.findall(r"(?<![.\w])\w+", member))
        scalars = ", ".join(f"Real {name}" if name in used else f"Real /*{name}*/" for name in self.parameters)
        lines += [
            "template <class Real>",
            f"[[nodiscard]] inline Real {self.name}(",
            f"    const {self.point}<Real>& v, {scalars}) noexcept {{",
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


def lepton_forms() -> str:
    """Return the header with the coefficients of all stable forms."""
    lines = [
        BANNER,
        "/// Coefficients of the stable forms (tools/derive/bremsstrahlung.py), one function per mediator.",
        "#pragma once",
        "",
        '#include "pheno/lepton_form.hpp"',
        "",
        "namespace pheno {",
    ]
    printer = Printer()
    for name in VERTICES:
        form = stable_form(name)
        members = [form.c_D, form.c_plus, form.c_minus, form.c_k, form.c_1]
        used = {str(symbol) for member in members for symbol in member.free_symbols}
        lines += [
            "",
            "/// @param m    lepton mass [GeV]",
            "/// @param m_X  mediator mass [GeV]",
            "template <class Real>",
            f"[[nodiscard]] inline LeptonForm<Real> {name}_form(Real m, Real m_X) noexcept {{",
            *(["    const Real m2 = m*m;"] if "m2" in used else ["    static_cast<void>(m);"]),
            "    const Real X2 = m_X*m_X;",
            f"    return {{{', '.join(f'Real({printer.doprint(member)})' for member in members)}}};",
            "}",
        ]
    return "\n".join([*lines, "", "}  // namespace pheno", ""])


COMPTON_STRIPPED = """\
The sum over all spins, initial and final, of |M|^2 at unit coupling; stripped are e^2 and the coupling
squared. Equal to the Dirac traces identically (tools/derive/compton.py)."""

COMPTON_PARAMETERS = """\
@param v    point of the 2 -> 2 process
@param m    lepton mass [GeV]
@param m_X  mediator mass [GeV]"""


def compton_spin_0_or_1(name: str) -> str:
    """Return the header of l gamma -> l X for a mediator of spin 0 or 1."""
    vertex, form = VERTICES[name], compton.stable_form(name)
    s, U, W, qk2 = sympy.symbols("s U W qk2")
    collected = sympy.Poly(form, W)
    on_W, rest = collected.coeff_monomial(W), sympy.expand(collected.coeff_monomial(1) / (s * U))
    on_d, constant = rest.coeff(qk2, 2), rest.coeff(qk2, 0) / (s * U)
    norm = 1 / (s * U)
    documentation = f"""\
l gamma -> l X for the {name.replace("_", " ")} mediator, {vertex.lagrangian}.

  L = [{readable(on_d)}] (s-U)^2/(sU) + [{readable(on_W)}] W/(sU)^2{f" + {constant}" if constant != 0 else ""}

{COMPTON_STRIPPED}
Small-angle form: {vertex.source}.

{COMPTON_PARAMETERS}
@return     L [1]"""
    fields = {f: f"v.{f}" for f in ("s", "U", "t1", "W", "qk2")}
    expression = (norm * (on_d * qk2**2 + on_W * W * norm) + constant).subs(MASSES)
    kernel = Kernel(documentation, f"compton_{name}_squared", "ComptonPoint", ("m", "m_X"), fields, expression)
    title = f"Real-photon amplitude of the {name.replace('_', ' ')} mediator."
    return header(title, "pheno/compton_point.hpp", kernel)


def compton_tensor() -> str:
    """Return the header of l gamma -> l G."""
    both, lepton, photon = compton.tensor_stable_form()
    c_l, c_gamma = sympy.symbols("c_l c_gamma")
    documentation = f"""\
l gamma -> l G for the tensor, -(c/Lambda) G^{{mu nu}} T_{{mu nu}} with T of lepton and photon.

  L = c_l c_gamma L_11 + (c_l - c_gamma) (c_l L_10 - c_gamma L_01)

in z = m_X^2/(s-U), r = t1/(s-U), y = W/(sU t1), h = 1 - y = m^2 (s-U)^2/(sU t1). Only the second term, which
vanishes with the divergence of the source, holds 1/m_X^4. For m = 0 and universal couplings
L = [4 sU + t1 m_X^2] [2 sU + t1^2 + m_X^4]/(sU t1).

{COMPTON_STRIPPED}

{COMPTON_PARAMETERS}
@param c_l, c_gamma  couplings to lepton and photon in units of 1/Lambda
@return     L [GeV^2]"""
    ratios = {"z": "m_X*m_X/v.qk2", "r": "v.t1/v.qk2", "y": "v.W/(v.s*v.U*v.t1)", "h": "m*m*v.qk2*v.qk2/(v.s*v.U*v.t1)"}
    fields = {f: f"v.{f}" for f in ("s", "U", "t1", "qk2")} | ratios
    expression = c_l * c_gamma * both + (c_l - c_gamma) * (c_l * lepton - c_gamma * photon)
    parameters = ("m", "m_X", "c_l", "c_gamma")
    kernel = Kernel(documentation, "compton_tensor_squared", "ComptonPoint", parameters, fields, expression)
    return header("Real-photon amplitude of the tensor mediator.", "pheno/compton_point.hpp", kernel)


HEADERS: dict[str, Callable[[], str]] = {
    **{name: partial(bremsstrahlung, name) for name in VERTICES},
    **{f"compton_{name}": partial(compton_spin_0_or_1, name) for name in VERTICES},
    "compton_tensor": compton_tensor,
    "lepton_forms": lepton_forms,
}


def main() -> None:
    """Write every header."""
    for name, text in HEADERS.items():
        (GENERATED / f"{name}.hpp").write_text(text())


if __name__ == "__main__":
    main()
