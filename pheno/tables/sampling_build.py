"""Builds sampling tables: quantiles at the nodes, error measured off them, refined until it is small enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pheno.errors import TableError
from pheno.tables.chunks import ROUNDS, Chunks, Product, notes_of, reaction_of, stem
from pheno.tables.densities import Density, Source
from pheno.tables.grid import Panel, plan, spread
from pheno.tables.quantiles import Distributions, Panels
from pheno.tables.sampling import (
    NEAREST,
    QUANTITIES,
    SamplingAccuracy,
    SamplingTable,
    distance,
    interpolate_row,
    place_of_q,
    q_at,
    rho_nodes,
    rho_of,
    with_fewer_nodes,
    x_of_q,
)
from pheno.tables.sampling_text import DIGITS, format_sampling
from pheno.tables.text_file import SUFFIX

if TYPE_CHECKING:
    from pheno.tables.chunks import Progress
    from pheno.tables.grid import FloatArray
    from pheno.tables.spec import SamplingSpec
    from pheno.tables.store import Store

__all__ = ["Density", "core", "file_names", "make"]

#: Densities evaluated in one go.
CHUNK = 8192

#: Where densities are evaluated for the nodes, and, in other places and more densely, for the points compared. Against
#: many more points and a wider range, for spin 0 and 1 at random masses, energies and x of the experiments, the
#: cumulative distributions of the nodes hold to 1.2e-4 (x), 1.8e-4 (theta) and 1.1e-4 (psi), those compared with to
#: 3e-5. Psi at the softest x, q < 1e-3, of 1 MeV off aluminium: 5e-4 and 3e-4, by what lies outside its range.
AT_NODES = {"x": Panels(15, 5), "theta": Panels(14, 5), "psi": Panels(9, 5)}
AT_CHECKS = {"x": Panels(14, 7), "theta": Panels(19, 7), "psi": Panels(13, 7)}
#: The same for both angles of spin 2, which spread further: 7e-5 (theta) and 1.2e-4 (psi), those compared with 2e-5.
OF_SPIN_2 = (Panels(11, 7), Panels(15, 7))

#: Largest relative error of a density that is taken.
LOOSEST = 0.1

#: Random numbers at each point of mass, energy and x that is compared.
PER_POINT = 8


def core(spec: SamplingSpec, threads: int | None) -> Density:
    """Exact densities to ``rtol``.

    Where one misses it, which happens in corners next to threshold, an estimated error of at most ten per cent will do:
    one point in a hundred moves the cumulative distribution by a thousandth of that or less, and the measured error
    contains it.
    """
    from pheno import matter, processes, spectra, units  # a table is read without the core

    def density(
        mediator: str,
        mass: FloatArray,
        energy: FloatArray,
        x: FloatArray,
        *,
        theta: FloatArray | None,
        psi: FloatArray | None,
        method: str,
    ) -> FloatArray:
        request = processes.make_request(
            mediator,
            beam=spec.beam,
            method=method,
            form_factor=spec.form_factor,
            x_min=0.0,
            x_max=1.0,
            rtol=spec.rtol,
            threads=threads,
        )
        columns = {"mass": mass, "energy": energy, "x": x, "theta": theta, "psi": psi}
        points = {name: column for name, column in columns.items() if column is not None}
        processes.require_no_pole(request, matter.resolve((spec.Z, spec.A)), mass)
        estimates = spectra.on_nucleus(request, spec.Z, spec.A, points)
        processes.require_converged(request, estimates, points, loosest=LOOSEST)
        return estimates[0] * units.cross_section_unit("pb")

    return density


def file_names(spec: SamplingSpec) -> list[str]:
    """Names of the files that a build writes."""
    return [
        f"{stem(mediator, x_min)}.{QUANTITIES[quantity][0]}{SUFFIX}"
        for mediator in spec.mediators
        for x_min in spec.x_min
        for quantity in ("x", *spec.angles)
    ]


def make(spec: SamplingSpec, density: Density, store: Store, progress: Progress | None) -> Product:
    """Build all tables of a spec."""
    jobs = [(m, x_min, quantity) for m in spec.mediators for x_min in spec.x_min for quantity in ("x", *spec.angles)]
    chunks = Chunks(store, progress, size=CHUNK, total=sum(_planned(spec, m, q) for m, _, q in jobs))
    tables: dict[str, SamplingTable] = {}
    for mediator, x_min, quantity in jobs:
        source = Source(spec, mediator, x_min, density, chunks)
        name = f"{stem(mediator, x_min)}."
        of_x = None if quantity == "x" else tables[name + QUANTITIES["x"][0]]
        name += QUANTITIES[quantity][0]
        tables[name] = _tabulate(source, quantity, name, of_x)
    contents = {name + SUFFIX: format_sampling(table).encode("ascii") for name, table in tables.items()}
    return Product(tables, contents, chunks.computed)


def _planned(spec: SamplingSpec, mediator: str, quantity: str) -> int:
    per_energy = 1 if quantity == "x" else spec.x_nodes
    at_nodes, at_checks = _rules(mediator, quantity)
    nodes = sum(p.mass_nodes * p.energy_nodes for p in _panels(spec)) * per_energy
    panels = len(_panels(spec))
    checks = -(-spec.check_points // panels) * panels
    return nodes * at_nodes.size + checks * at_checks.size


def _rules(mediator: str, quantity: str) -> tuple[Panels, Panels]:
    """Where densities are evaluated for the nodes, and for the points compared."""
    if mediator == "tensor" and quantity != "x":
        return OF_SPIN_2
    return AT_NODES[quantity], AT_CHECKS[quantity]


def _panels(spec: SamplingSpec) -> tuple[Panel, ...]:
    return plan(spec.kinematics, spec.mass_range, spec.energy_range, spec.nodes, rooted=True, nearest=NEAREST)


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Distributions at the nodes of one panel, NaN where they have not been computed."""

    panel: Panel
    at: Distributions

    @staticmethod
    def empty(panel: Panel, quantity: str, x_nodes: int, rule: Panels) -> _Nodes:
        shape = (*panel.shape, *(() if quantity == "x" else (x_nodes,)), rule.dense().size)
        return _Nodes(panel, Distributions(*(np.full(shape, np.nan) for _ in range(3))))

    def filled(self, source: Source, quantity: str, label: str) -> _Nodes:
        """Compute what is missing."""
        k = source.spec.kinematics
        mass, energy = self.panel.nodes(k)
        places: tuple[FloatArray, ...] = (mass, energy)
        if quantity != "x":
            length = distance(*k.x_range(mass, energy, source.x_min))[..., None]
            places = (mass[..., None], energy[..., None], q_at(np.linspace(0.0, 1.0, self.at.w.shape[2]), length))
        todo = np.isnan(self.at.w[..., 0])
        wanted = tuple(np.broadcast_to(a, todo.shape)[todo] for a in places)
        found = source.distributions(quantity, _rules(source.mediator, quantity)[0], label, wanted)
        arrays = [a.copy() for a in (self.at.w, self.at.rho, self.at.slope)]
        for array, new in zip(arrays, (found.w, found.rho, found.slope), strict=True):
            array[todo] = new
        return _Nodes(self.panel, Distributions(*arrays))

    def finer(self, axis: int) -> _Nodes:
        """Halve the spacing along one axis; the old nodes keep their distributions."""
        old = self.at.w.shape
        shape = [2 * n - 1 if i == axis else n for i, n in enumerate(old)]
        places = tuple(slice(None, None, 2 if i == axis else 1) for i in range(len(old)))
        arrays = []
        for array in (self.at.w, self.at.rho, self.at.slope):
            finer = np.full(shape, np.nan)
            finer[places] = array
            arrays.append(finer)
        panel = replace(self.panel, mass_nodes=shape[0], energy_nodes=shape[1])
        return _Nodes(panel, Distributions(*arrays))

    def values(self, r_nodes: int) -> FloatArray:
        """Quantiles, rounded as they are written."""
        exact = self.at.quantiles(rho_nodes(r_nodes))
        rounded: FloatArray = np.vectorize(lambda v: float(f"{v:.{DIGITS}g}"), otypes=[np.float64])(exact)
        return rounded


@dataclass(frozen=True, slots=True)
class _Check:
    """Points off the nodes of one panel and the distributions there."""

    places: list[FloatArray]
    mass: FloatArray
    energy: FloatArray
    q: FloatArray
    r: FloatArray
    at: Distributions

    def errors(self, values: FloatArray, order: int) -> FloatArray:
        """|F(icdf(r)) - r| at every point, for each of its random numbers."""
        return np.abs(self.shares(self.look_up(values, self.r, order)) - self.r)

    def shares(self, w: FloatArray) -> FloatArray:
        """F(w), exactly."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.at.at(w), -700.0, 700.0)))

    def look_up(self, values: FloatArray, r: FloatArray, order: int) -> FloatArray:
        """Interpolated quantiles, in the variable of the table."""
        places = [np.repeat(p, r.shape[1]) for p in self.places]
        return interpolate_row(values, places, rho_of(r.ravel()), order).reshape(r.shape)

    def turns(self, values: FloatArray, order: int) -> FloatArray:
        """Steps back of F(icdf(r)), which should rise with r, at every point: 0 where there is none."""
        rho = rho_nodes(2 * values.shape[-1] - 1)
        r = np.broadcast_to(1.0 / (1.0 + np.exp(-rho)), (self.mass.size, rho.size))
        return np.maximum(0.0, -np.diff(self.shares(self.look_up(values, r, order)), axis=1))

    def coarser_axis(self, values: FloatArray, order: int, faults: FloatArray, limit: float) -> int:
        """Axis that limits the points above the limit: where half as many nodes change the interpolation most."""
        largest = faults.max(axis=1)
        failing = int(np.count_nonzero(largest > limit))
        worst = np.argsort(largest)[-min(16, failing) :]
        at = Distributions(*(a[worst] for a in (self.at.w, self.at.rho, self.at.slope)))
        places = [p[worst] for p in self.places]
        some = _Check(places, self.mass[worst], self.energy[worst], self.q[worst], self.r[worst], at)
        change = []
        as_it_is = some.shares(some.look_up(values, some.r, order))
        for axis in range(values.ndim):
            fewer = some.look_up(with_fewer_nodes(values, axis, order), some.r, order)
            change.append(float(np.abs(some.shares(fewer) - as_it_is).max()))
        return int(np.argmax(change))


def _check(source: Source, quantity: str, label: str, panel: Panel, panels: int, of_x: SamplingTable | None) -> _Check:
    """Points spread over a panel; x as the table of x draws it, from random numbers that are spread as well."""
    spec = source.spec
    wanted = -(-spec.check_points // panels)
    a, v, r_x = spread(4 * wanted, 3)
    mass, energy = panel.points(spec.kinematics, a, v)
    # A panel that starts at threshold begins below the lowest energy of the table for its lightest masses.
    reachable = np.flatnonzero(energy >= spec.energy_range[0])[:wanted]
    mass, energy, q = mass[reachable], energy[reachable], np.zeros(reachable.size)
    places = [*panel.positions(spec.kinematics, mass, energy)]
    at: tuple[FloatArray, ...] = (mass, energy)
    if of_x is not None:
        q = 1.0 / (1.0 + np.exp(-of_x.interpolate(mass, energy, q, rho_of(r_x[reachable]))))
        places.append(place_of_q(q, distance(*spec.kinematics.x_range(mass, energy, source.x_min))))
        at = (mass, energy, q)
    exact = source.distributions(quantity, _rules(source.mediator, quantity)[1], label, at)
    shift = spread(mass.size, 1)[0]
    r = (np.arange(PER_POINT) + shift[:, None]) / PER_POINT
    return _Check(places, mass, energy, q, r, exact)


def _tabulate(source: Source, quantity: str, label: str, of_x: SamplingTable | None) -> SamplingTable:
    spec, order, r_nodes = source.spec, source.spec.interpolation_order, source.spec.r_nodes
    rule = _rules(source.mediator, quantity)[0]
    nodes = [_Nodes.empty(p, quantity, spec.x_nodes, rule) for p in _panels(spec)]
    checks = [_check(source, quantity, label, n.panel, len(nodes), of_x) for n in nodes]
    for round_ in range(ROUNDS + 1):
        nodes = [n.filled(source, quantity, label) for n in nodes]
        values = [n.values(r_nodes) for n in nodes]
        errors = [check.errors(v, order) for check, v in zip(checks, values, strict=True)]
        limit = spec.interpolation_error
        faults = [
            e if e.max() > limit else check.turns(v, order) for check, v, e in zip(checks, values, errors, strict=True)
        ]
        if not any(f.max() > limit for f in faults):
            break
        if round_ == ROUNDS:
            _give_up(source, quantity, label, checks, errors)
        axes = [
            check.coarser_axis(v, order, f, limit) if f.max() > limit else -1
            for check, v, f in zip(checks, values, faults, strict=True)
        ]
        before = sum(int(np.isnan(n.at.w[..., 0]).sum()) for n in nodes)
        last = values[0].ndim - 1
        if last in axes:
            r_nodes = 2 * r_nodes - 1
        # x is one axis for all panels
        shared = quantity != "x" and 2 in axes
        nodes = [
            n.finer(2) if shared else n.finer(axis) if 0 <= axis < last else n
            for n, axis in zip(nodes, axes, strict=True)
        ]
        missing = sum(int(np.isnan(n.at.w[..., 0]).sum()) for n in nodes) - before
        source.chunks.total += missing * rule.size
    return SamplingTable(
        quantity=quantity,
        reaction=reaction_of(spec, source.mediator, source.x_min),
        kinematics=spec.kinematics,
        mass_range=spec.mass_range,
        energy_range=spec.energy_range,
        order=order,
        panels=tuple(n.panel for n in nodes),
        values=tuple(values),
        accuracy=_accuracy(source, quantity, checks, errors),
        notes=notes_of(spec),
    )


def _accuracy(source: Source, quantity: str, checks: list[_Check], errors: list[FloatArray]) -> SamplingAccuracy:
    panel = int(np.argmax([e.max() for e in errors]))
    point, column = np.unravel_index(np.argmax(errors[panel]), errors[panel].shape)
    check = checks[panel]
    m, E, q, r = check.mass[point], check.energy[point], check.q[point], check.r[point, column]
    worst = [float(f"{m:.6g}"), float(f"{E:.9g}")]
    if quantity != "x":
        x = x_of_q(q, *source.spec.kinematics.x_range(m, E, source.x_min))
        worst.append(float(f"{x:.9g}"))
    return SamplingAccuracy(
        error=float(f"{errors[panel][point, column]:.3e}"),
        limit=source.spec.interpolation_error,
        points=sum(e.size for e in errors),
        worst=(*worst, float(f"{r:.6g}")),
    )


def _give_up(source: Source, quantity: str, label: str, checks: list[_Check], errors: list[FloatArray]) -> None:
    found, spec = _accuracy(source, quantity, checks, errors), source.spec
    where = ", ".join(f"{value:g}" for value in found.worst)
    if found.error <= spec.interpolation_error:
        msg = (
            f"{spec.name}: {label}: the quantile steps back by more than {spec.interpolation_error:g} of the "
            f"cumulative distribution after {ROUNDS} refinements: give more nodes or narrow the ranges"
        )
        raise TableError(msg)
    msg = (
        f"{spec.name}: {label}: the cumulative distribution is off by {found.error:g} at mass, energy, "
        f"{'' if quantity == 'x' else 'x, '}r = {where} after {ROUNDS} refinements, {spec.interpolation_error:g} was "
        "asked for: relax interpolation_error, give more nodes or narrow the ranges"
    )
    raise TableError(msg)
