"""Figures of limits and projections: matplotlib, a self-contained interactive page (plotly), CSV of the curves.

A :class:`Plot` is data: layers with their style, labels, assumptions and provenance. Limits are filled, projections are
lines, thermal targets black, bands hatched. A limit whose experiment has a caution is a dash-dotted line, never filled.
"""

from __future__ import annotations

import html
import io
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import citations, magnetic_moments
from pheno.cards import package_card
from pheno.errors import DomainError, broadcast, choice, positive
from pheno.models import Model
from pheno.reach import Reach
from pheno.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SUFFIXES", "Layer", "Plot", "line", "moment_band", "reach_layers", "reach_plot", "require"]

FloatArray = NDArray[np.float64]

_STYLES: Final = ("limit", "indicative", "projection", "target", "line", "band")
_KINDS: Final = {"exclusion": "limit", "indicative": "indicative", "projection": "projection"}
_STROKES: Final = {"indicative": (6, 2, 1, 2), "projection": (5, 2)}
SUFFIXES: Final = (".png", ".pdf", ".svg", ".html", ".csv")
_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#882255")
_DASHES: Final = ((4, 2), (6, 2, 1, 2), (2, 1.5), (8, 3), (1, 1))
_LABELS: Final = {"tensor": "m_G", "scalar": "m_\\phi", "pseudoscalar": "m_a"}
_COUPLINGS: Final = {"c/Lambda": r"$c/\Lambda$ [GeV$^{-1}$]", "g_agammagamma": r"$g_{a\gamma\gamma}$ [GeV$^{-1}$]"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One curve or region.

    Parameters
    ----------
    label
        As in the legend; layers of one label share colour and entry.
    style
        ``"limit"`` (filled), ``"indicative"`` (dash-dotted line: no exclusion), ``"projection"`` (dashed line),
        ``"target"`` (black line), ``"line"``, or ``"band"``.
    x, low, high
        Lower and upper edge at each x; the same array for a line; an infinite upper edge is the end of the axis.

    Raises
    ------
    DomainError
        If the style is unknown or an array is not positive.
    """

    label: str
    style: str
    x: FloatArray
    low: FloatArray
    high: FloatArray

    def __post_init__(self) -> None:
        choice("style", self.style, _STYLES)
        x, low = positive("x", self.x), positive("low", self.low)
        x, low, high = broadcast(x=x, low=low, high=np.asarray(self.high, dtype=np.float64))
        if not (high >= low).all():
            msg = f"high must not be below low, got {float(high[~(high >= low)][0]):g}"
            raise DomainError(msg)
        for name, array in (("x", x), ("low", low), ("high", high)):
            object.__setattr__(self, name, array)

    @property
    def is_line(self) -> bool:
        """Whether it has no area."""
        return bool((self.low == self.high).all())

    def outline(self, top: float) -> tuple[FloatArray, FloatArray]:
        """Points around the region, an open upper edge cut at ``top``; the curve itself for a line."""
        if self.is_line:
            return self.x, self.low
        high = np.minimum(self.high, top)
        return np.concatenate([self.x, self.x[::-1]]), np.concatenate([self.low, high[::-1]])


def line(label: str, x: ArrayLike, y: ArrayLike, style: str = "line") -> Layer:
    """Make a layer of a curve, such as a thermal target (``style="target"``)."""
    y = positive("y", y)
    return Layer(label, style, positive("x", x), y, y)


def reach_layers(found: Reach, plane: str | None = None, label: str | None = None) -> list[Layer]:
    """Make the layers of a reach: one for each rank of its intervals, so that islands stay islands."""
    name = label or f"{found.experiment.title}, {_power(found.experiment.exposure)}"
    style = _KINDS[found.kind]
    masses, convert = found.axes(plane)
    layers = []
    for rank in range(max((len(intervals) for intervals in found.intervals), default=0)):
        at = np.array([i for i, intervals in enumerate(found.intervals) if len(intervals) > rank])
        low = np.array([found.intervals[i][rank][0] for i in at])
        high = np.array([found.intervals[i][rank][1] for i in at])
        layers.append(Layer(name, style, masses[at], convert(at, low), convert(at, high)))
    return layers


def moment_band(model: str | Path | Model, mass: ArrayLike, band: str = "mu_2021", label: str | None = None) -> Layer:
    """Make the layer of the couplings that explain a band of (g-2), where the sign is right."""
    x = positive("mass", mass)
    low, _, high = (np.asarray(edge) for edge in magnetic_moments.coupling_band(model, x, band=band))
    inside = np.isfinite(low) & np.isfinite(high) & (low > 0.0)
    return Layer(label or "$(g-2)$ band", "band", x[inside], low[inside], high[inside])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure as data.

    Parameters
    ----------
    layers
        What is drawn, limits first.
    x_label, y_label, title
        Labels; ``$...$`` is set as mathematics.
    assumptions
        Lines of the box beside the figure.
    provenance
        Sentence below the figure.
    x_range, y_range
        Ends of the axes; chosen from the layers unless given.

    Examples
    --------
    >>> plot = Plot(layers=(line("a", [1, 10], [1, 2]),), x_label="x", y_label="y")
    >>> plot.csv().splitlines()[-1]
    'a,line,10.0,2.0,2.0'
    """

    layers: tuple[Layer, ...]
    x_label: str
    y_label: str
    title: str = ""
    assumptions: tuple[str, ...] = ()
    provenance: str = ""
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Ends of the axes."""
        if not self.layers:
            return self.x_range or (1e-3, 1.0), self.y_range or (1e-6, 1.0)
        x = np.concatenate([layer.x for layer in self.layers])
        edges = [np.concatenate([layer.low, layer.high[np.isfinite(layer.high)]]) for layer in self.layers]
        y = np.concatenate(edges)
        x_range = self.x_range or (float(x.min()), float(x.max()))
        open_top = 10.0 if any(np.isinf(layer.high).any() for layer in self.layers) else 2.0
        return x_range, self.y_range or (float(y.min()) / 2.0, float(y.max()) * open_top)

    def figure(self) -> Any:
        """Draw it with matplotlib.

        Returns
        -------
        matplotlib.figure.Figure
            Legend and assumptions stand beside the axes, provenance below: nothing covers a curve.

        Raises
        ------
        DomainError
            If matplotlib is not installed.
        """
        plt = _matplotlib()
        with plt.style.context(str(package_card("styles/pheno.mplstyle"))):
            figure, axes = plt.subplots()
            x_range, y_range = self.ranges()
            axes.set(xscale="log", yscale="log", xlim=x_range, ylim=y_range)
            axes.set(xlabel=self.x_label, ylabel=self.y_label, title=self.title)
            for layer, style in zip(self.layers, self._styles(), strict=True):
                _draw(axes, layer, style, y_range[1])
            figure.subplots_adjust(left=0.10, right=0.61, top=0.92, bottom=0.20)
            below = 1.0
            if self.layers:
                legend = axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
                figure.canvas.draw()
                below = legend.get_window_extent().transformed(axes.transAxes.inverted()).y0
            text = "\n".join("\n".join(textwrap.wrap(entry, 38)) for entry in self.assumptions)
            if text:
                box = {"boxstyle": "round,pad=0.5", "facecolor": "#f7f7f7", "edgecolor": "#bbbbbb"}
                where = (1.04, below - 0.06)
                axes.text(*where, text, transform=axes.transAxes, va="top", ha="left", fontsize=8, bbox=box)
            figure.text(0.02, 0.015, textwrap.fill(self.provenance, 150), fontsize=6.5, color="#555555", va="bottom")
        return figure

    def _styles(self) -> list[dict[str, Any]]:
        """Colour and dashes of each layer: one for each label."""
        coloured = [layer.label for layer in self.layers if layer.style not in {"target", "band"}]
        black = [layer.label for layer in self.layers if layer.style == "target"]
        colours = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(dict.fromkeys(coloured))}
        dashes = {name: _DASHES[i % len(_DASHES)] for i, name in enumerate(dict.fromkeys(black))}
        seen: set[str] = set()
        styles = []
        for layer in self.layers:
            entry: dict[str, Any] = {"label": "_" if layer.label in seen else layer.label}
            entry["color"] = colours.get(layer.label, "black" if layer.style == "target" else "#b0b0b0")
            entry["dashes"] = dashes.get(layer.label, _STROKES.get(layer.style))
            seen.add(layer.label)
            styles.append(entry)
        return styles

    def html(self) -> str:
        """Draw it as a page that needs nothing else: plotly is inside.

        Returns
        -------
        str
            The page.

        Raises
        ------
        DomainError
            If plotly is not installed.
        """
        graph = _plotly()
        figure = graph.Figure()
        x_range, y_range = self.ranges()
        for layer, style in zip(self.layers, self._styles(), strict=True):
            x, y = layer.outline(y_range[1])
            filled = layer.style in {"limit", "band"} and not layer.is_line
            figure.add_scatter(
                x=x,
                y=y,
                mode="lines",
                name=_plain(layer.label),
                legendgroup=layer.label,
                showlegend=style["label"] != "_",
                line={"color": style["color"], "dash": _plotly_dash(layer.style, style["dashes"])},
                fill="toself" if filled else None,
                opacity=0.9,
            )
        axis = {"type": "log", "exponentformat": "power", "gridcolor": "#e8e8e8"}
        figure.update_layout(
            template="plotly_white",
            title=_plain(self.title),
            xaxis=axis | {"title": _plain(self.x_label), "range": np.log10(x_range).tolist()},
            yaxis=axis | {"title": _plain(self.y_label), "range": np.log10(y_range).tolist()},
        )
        body = figure.to_html(full_html=False, include_plotlyjs=True)
        notes = "".join(f"<li>{html.escape(_plain(entry))}</li>" for entry in self.assumptions)
        return (
            "<!DOCTYPE html>\n<html><head><meta charset='utf-8'>"
            f"<title>{html.escape(_plain(self.title))}</title></head><body style='font-family:sans-serif'>{body}"
            f"<ul>{notes}</ul><p style='color:#555'>{html.escape(self.provenance)}</p></body></html>\n"
        )

    def csv(self) -> str:
        """Write the curves: label, style, x, lower and upper edge.

        Returns
        -------
        str
            CSV; lines that begin with ``#`` say what it is.
        """
        out = io.StringIO()
        for entry in (self.title, *self.assumptions, self.provenance):
            if entry:
                out.write(f"# {_plain(entry)}\n")
        out.write("label,style,x,low,high\n")
        for layer in self.layers:
            label = '"' + _plain(layer.label).replace('"', '""') + '"' if "," in layer.label else _plain(layer.label)
            for x, low, high in zip(layer.x.tolist(), layer.low.tolist(), layer.high.tolist(), strict=True):
                out.write(f"{label},{layer.style},{x!r},{low!r},{high!r}\n")
        return out.getvalue()

    def encoded(self, suffix: str) -> bytes:
        """Return the bytes of a file of this kind.

        Parameters
        ----------
        suffix
            ``".png"``, ``".pdf"``, ``".svg"``, ``".html"`` or ``".csv"``.

        Returns
        -------
        bytes
            What to write to the file.

        Raises
        ------
        DomainError
            If the suffix is another, or what draws it is not installed.
        """
        choice("suffix", suffix, SUFFIXES)
        if suffix == ".csv":
            return self.csv().encode()
        if suffix == ".html":
            return self.html().encode()
        figure, buffer = self.figure(), io.BytesIO()
        figure.savefig(buffer, format=suffix[1:])
        _matplotlib().close(figure)
        return buffer.getvalue()


def require(suffix: str) -> None:
    """Raise unless what draws a file of this kind is installed.

    Parameters
    ----------
    suffix
        As of :meth:`Plot.encoded`.

    Raises
    ------
    DomainError
        If it is not; the message says which extra has it.
    """
    if choice("suffix", suffix, SUFFIXES) == ".html":
        _plotly()
    elif suffix != ".csv":
        _matplotlib()


def _draw(axes: Any, layer: Layer, style: dict[str, Any], top: float) -> None:
    colour = style["color"]
    if layer.style in {"limit", "band"} and not layer.is_line:
        high = np.minimum(layer.high, 10.0 * top)
        look = {"alpha": 0.25} if layer.style == "limit" else {"alpha": 0.35, "hatch": "///", "zorder": 0.5}
        axes.fill_between(layer.x, layer.low, high, color=colour, linewidth=0.0, label=style["label"], **look)
        if layer.style == "limit":
            x, y = layer.outline(10.0 * top)
            axes.plot(x, y, color=colour, label="_")
        return
    x, y = (layer.x, layer.low) if np.isinf(layer.high).all() else layer.outline(10.0 * top)
    extra = {"dashes": style["dashes"]} if style["dashes"] else {}
    axes.plot(x, y, color=colour, label=style["label"], **extra)


def _plotly_dash(style: str, dashes: object) -> str:
    if style == "indicative":
        return "dashdot"
    return "dash" if dashes else "solid"


def _power(number: float) -> str:
    """A number as 9.4 x 10^11."""
    mantissa, _, exponent = f"{number:.2e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    times = "" if mantissa == "1" else rf"{mantissa}\times"
    return f"${times}10^{{{int(exponent)}}}$"


def _plain(text: str) -> str:
    """Text without the marks of mathematics."""
    for old, new in (
        ("$", ""),
        ("\\epsilon", "ε"),
        ("\\chi", "χ"),
        ("\\Lambda", "Λ"),
        ("\\alpha", "α"),
        ("\\mu", "μ"),
        ("\\gamma", "γ"),
        ("\\times", "×"),
    ):
        text = text.replace(old, new)
    return text.replace("{", "").replace("}", "").replace("\\", "")


def _matplotlib() -> Any:
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        msg = "figures need matplotlib: pip install 'pheno-darksector[plots]'"
        raise DomainError(msg) from None
    return plt


def _plotly() -> Any:
    try:
        import plotly.graph_objects as graph
    except ImportError:
        msg = "interactive pages need plotly: pip install 'pheno-darksector[interactive]'"
        raise DomainError(msg) from None
    return graph


def _plane_labels(found: Reach, plane: str | None) -> tuple[str, str]:
    vector = "m_{A'}" if found.model.convention == "epsilon" else "m_{Z'}"
    mass = _LABELS.get(found.model.mediator.name, vector)
    if plane == "y":
        quoted = found.model.convention == "epsilon"
        what = r"$y = \epsilon^2\alpha_D(m_\chi/m)^4$" if quoted else r"$y = (g\,g_D)^2(m_\chi/m)^4$"
        return r"$m_\chi$ [GeV]", what
    if plane == "epsilon" or (plane is None and found.model.convention == "epsilon"):
        return f"${mass}$ [GeV]", r"$\epsilon$"
    return f"${mass}$ [GeV]", _COUPLINGS.get(found.model.convention, "$g$")


def reach_plot(
    reaches: Sequence[Reach],
    plane: str | None = None,
    *,
    labels: Sequence[str] | None = None,
    layers: Sequence[Layer] = (),
    title: str | None = None,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
) -> Plot:
    """Make the plot of several reaches in one plane, with assumptions and provenance filled in.

    Parameters
    ----------
    reaches
        Reaches of the same model.
    plane
        As of :meth:`pheno.reach.Reach.axes`.
    labels
        Legend entries; titles and exposures of the experiments unless given.
    layers
        More layers: thermal targets, bands, published curves.
    title, x_range, y_range
        As of :class:`Plot`.

    Returns
    -------
    Plot
        With limits before projections.

    Raises
    ------
    DomainError
        If there is nothing to draw, or the plane does not exist for the model.
    """
    if not reaches:
        msg = "reaches must hold at least one reach, got none"
        raise DomainError(msg)
    names: Sequence[str | None] = labels or [None] * len(reaches)
    found = [layer for entry, name in zip(reaches, names, strict=True) for layer in reach_layers(entry, plane, name)]
    found.sort(key=lambda layer: _STYLES.index(layer.style))
    first = reaches[0]
    x_label, y_label = _plane_labels(first, plane)
    keys = sorted({key for entry in reaches for key in (*entry.experiment.cites, *entry.model.cites)})
    cited = ", ".join(key for key in keys if key in citations.bibliography())
    return Plot(
        layers=(*found, *layers),
        x_label=x_label,
        y_label=y_label,
        title=first.model.title if title is None else title,
        assumptions=_assumptions(reaches),
        provenance=f"pheno {__version__}; exact tree-level production; cross sections: {first.cross_sections}. {cited}",
        x_range=x_range,
        y_range=y_range,
    )


def _assumptions(reaches: Sequence[Reach]) -> tuple[str, ...]:
    model = reaches[0].model
    lines = [f"{100 * reaches[0].confidence:g} % C.L., CLs"]
    matter = model.dark_matter
    if matter is not None:
        size = rf"$m = {matter.ratio:g}\,m_\chi$" if matter.mass is None else rf"$m_\chi = {matter.mass:g}$ GeV"
        lines += [f"dark matter: {matter.kind.replace('_', ' ')}", size]
        if matter.splitting > 0.0:
            lines.append(f"splitting {matter.splitting:g}")
        tensor = model.mediator.name == "tensor"
        scaled = rf"$c_\chi = {model.c_chi:g}\,c$" if tensor else rf"$\alpha_D = {model.alpha_D:g}$"
        lines.append(scaled)
    else:
        lines.append("decays to the Standard Model only")
    lines.append("filled: excluded; dashed: projected")
    if any(entry.kind == "indicative" for entry in reaches):
        lines.append("dash-dotted: indicative, excludes nothing")
    lines += _production(reaches)
    cautions = {entry.experiment.title: entry.experiment.caution for entry in reaches if entry.experiment.caution}
    lines += [f"{title}: {caution}" for title, caution in cautions.items()]
    return tuple(lines)


def _production(reaches: Sequence[Reach]) -> list[str]:
    """How mediators are made."""
    if all(entry.model.convention == "g_agammagamma" for entry in reaches):
        return ["Primakoff production by photons of the shower"]
    if not any(entry.experiment.target.slowing == "shower" for entry in reaches if entry.experiment.target):
        return ["bremsstrahlung only"]
    lines = ["bremsstrahlung; in showers also annihilation"]
    if any(entry.model.mediator.name == "tensor" and entry.model.charges["gamma"] for entry in reaches):
        lines.append("spin 2 by photons of the shower not included")
    return lines
