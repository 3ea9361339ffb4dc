"""Figures as data: layers, ranges, and files that hold what was calculated."""

import csv
import io
import sys

import numpy as np
import pytest

import pheno
from pheno import experiments, models, plots
from pheno.cli import main
from pheno.errors import DomainError
from pheno.plots import Layer, Plot, line, moment_band, reach_layers, reach_plot

MASSES = np.geomspace(0.005, 0.2, 6)


@pytest.fixture(scope="module")
def e137():
    return pheno.reach("e137", "dark_photon", [*MASSES, 0.9])


@pytest.fixture(scope="module")
def invisible():
    model = pheno.model("dark_photon", dark_matter="complex_scalar")
    setups = (pheno.experiment("na64e"), pheno.experiment("na64e", exposure="projected"))
    return [pheno.reach(setup, model, MASSES) for setup in setups]


def test_layers_of_a_closed_region(e137):
    (layer,) = reach_layers(e137)
    assert layer.style == "limit"
    assert len(layer.x) == len(MASSES)  # nothing where there is no sensitivity
    masses, low, high = e137.contour()
    assert layer.x.tolist() == masses.tolist()
    assert layer.low.tolist() == low.tolist()
    assert layer.high.tolist() == high.tolist()
    x, y = layer.outline(1.0)
    assert len(x) == 2 * len(MASSES)
    assert y[-1] == high[0]


def test_open_regions_end_at_the_top(invisible):
    (layer,) = reach_layers(invisible[0])
    assert np.isinf(layer.high).all()
    assert layer.outline(3.0)[1].max() == 3.0
    plot = reach_plot(invisible)
    (_, right), (bottom, top) = plot.ranges()
    assert right == MASSES[-1]
    assert bottom < layer.low.min() < layer.low.max() < top < np.inf


@pytest.mark.parametrize(
    ("name", "model"),
    [("na64mu", "lmu_minus_ltau"), ("na64e_visible_2017", "dark_photon"), ("na64e_visible_2018", "x17")],
)
def test_what_has_a_caution_is_never_filled(name, model, tmp_path, capsys):
    """A dash-dotted line, and the caution beside it in figure, table and list."""
    found = pheno.reach(name, model, [0.01, 0.0167])
    assert found.experiment.caution
    assert found.kind == "indicative"
    plot = reach_plot([found])
    assert [layer.style for layer in plot.layers] == ["indicative"]
    assert any(found.experiment.caution in entry for entry in plot.assumptions)
    assert "dash-dotted: indicative, excludes nothing" in plot.assumptions
    assert all(
        ",indicative," in row for row in plot.csv().splitlines()[1:] if row[0] != "#" and not row.startswith("label")
    )
    figure = plot.figure()
    assert not figure.axes[0].collections  # no area
    assert main(["reach", name, model, "--mass", "0.01", "--json"]) == 0
    out = capsys.readouterr().out
    assert found.experiment.caution in out
    assert '"kind": "indicative"' in out
    assert main(["experiments"]) == 0
    assert found.experiment.caution in capsys.readouterr().out


def test_cautions_are_those_of_the_cards():
    cautious = {name for name in pheno.experiments.names() if pheno.experiment(name).caution}
    assert cautious == {"e137_classic", "na64mu", "na64e_visible_2017", "na64e_visible_2018", "na64h"}
    projected = pheno.reach(pheno.experiment("na64mu", exposure="projected"), "lmu_minus_ltau", [0.01])
    assert projected.kind == "projection"


def test_limits_come_before_projections(invisible):
    plot = reach_plot(invisible[::-1], "y")
    assert [layer.style for layer in plot.layers] == ["limit", "projection"]
    assert "90 % C.L., CLs" in plot.assumptions
    assert "arXiv:2307.02404" in plot.provenance


def test_files(e137, tmp_path):
    plot = reach_plot([e137], layers=[line("target", MASSES, 1e-6 * MASSES, "target")])
    assert plot.encoded(".png")[:4] == b"\x89PNG"
    assert plot.encoded(".pdf")[:4] == b"%PDF"
    rows = list(csv.DictReader(io.StringIO("".join(r for r in plot.csv().splitlines(True) if r[0] != "#"))))
    assert len(rows) == 2 * len(MASSES)
    assert float(rows[0]["low"]) == e137.contour()[1][0]
    assert rows[-1]["low"] == rows[-1]["high"]
    with pytest.raises(DomainError, match="suffix must be one of"):
        plot.encoded(".gif")


def test_page_is_self_contained(e137):
    pytest.importorskip("plotly")
    page = reach_plot([e137]).html()
    assert page.startswith("<!DOCTYPE html>")
    assert 'src="http' not in page
    assert len(page) > 1e6  # plotly is inside
    assert "in showers also annihilation" in page
    assert "bremsstrahlung only" in reach_plot([pheno.reach("ldmx", "b_minus_l", [0.01])]).assumptions


def test_legend_box_and_caption_do_not_overlap(invisible):
    """Beside the axes: legend above the box, both inside the figure."""
    plt = pytest.importorskip("matplotlib.pyplot")
    figure = reach_plot(invisible, "y").figure()
    figure.canvas.draw()
    axes = figure.axes[0]
    inside, legend, box = axes.get_window_extent(), axes.get_legend().get_window_extent(), axes.texts[0]
    around = box.get_bbox_patch().get_window_extent()
    caption = figure.texts[0].get_window_extent()
    assert legend.x0 >= inside.x1
    assert around.y1 <= legend.y0
    assert max(legend.x1, around.x1, caption.x1) <= figure.bbox.x1
    assert caption.y1 <= axes.get_tightbbox().y0
    plt.close(figure)


def test_band_of_the_magnetic_moment():
    band = moment_band("lmu_minus_ltau", [0.01, 0.1])
    assert band.style == "band"
    low, _, high = pheno.coupling_band("lmu_minus_ltau", [0.01, 0.1])
    assert band.low.tolist() == pytest.approx(np.asarray(low).tolist())
    assert band.high.tolist() == pytest.approx(np.asarray(high).tolist())


def test_nonsense_is_refused():
    with pytest.raises(DomainError, match="style must be one of"):
        Layer("a", "dots", np.ones(2), np.ones(2), np.ones(2))
    with pytest.raises(DomainError, match="high must not be below low"):
        Layer("a", "limit", np.ones(2), np.ones(2), np.array([1.0, 0.5]))
    with pytest.raises(DomainError, match="y must be finite and > 0"):
        line("a", [1, 2], [0, 1])
    with pytest.raises(DomainError, match="at least one reach"):
        reach_plot([])
    assert Plot(layers=(), x_label="x", y_label="y").ranges() == ((1e-3, 1.0), (1e-6, 1.0))


def test_command_line(tmp_path, capsys):
    assert main(["reach", "e137", "dark_photon", "--mass", "0.01", "0.9", "--json"]) == 0
    out = capsys.readouterr().out
    assert '"plane": "epsilon"' in out
    assert '"masses without sensitivity": 1' in out
    files = [tmp_path / f"fig{suffix}" for suffix in (".png", ".csv")]
    words = ["plot", "dark_photon", "e137", "--mass", "0.01:0.1:3", "--output", *map(str, files)]
    assert main(words) == 0
    assert all(file.stat().st_size for file in files)
    assert main(words) == 2
    assert "exists; --force overwrites it" in capsys.readouterr().err
    assert main(["plot", "dark_photon", "e137", "--mass", "0.01", "--output", "a.gif"]) == 2
    assert "--output must end in .png" in capsys.readouterr().err
    assert main(["experiments"]) == 0
    assert "na64e: NA64e, invisible mode." in capsys.readouterr().out
    assert main(["reach", "na64", "dark_photon", "--mass", "0.1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_suffixes_are_those_that_can_be_written():
    assert set(plots.SUFFIXES) == {".png", ".pdf", ".svg", ".html", ".csv"}


def test_an_empty_result_says_so_and_an_empty_figure_is_no_warning(tmp_path, capsys):
    assert main(["reach", "na64e", "dark_photon", "--mass", "0.1"]) == 0  # invisible search, visible model
    said = capsys.readouterr().err
    assert said.startswith("pheno: na64e: no coupling up to 3.54 gives the 2.33 events of the limit at any of these")
    assert said.endswith("(signature: missing energy; model: dark_photon, no dark matter)\n")
    words = ["plot", "dark_photon", "e137", "--mass", "5", "6", "--output"]
    assert main([*words, str(tmp_path / "empty.png")]) == 0
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*words, str(tmp_path / "absent" / "a.png")]) == 2
    assert main([*words, str(tmp_path)]) == 2
    assert len(list(tmp_path.iterdir())) == 1


def test_what_draws_is_looked_for_before_anything_is_calculated(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("pheno.reach", lambda *_, **__: pytest.fail("calculated in vain"))
    words = ["plot", "dark_photon", "e137", "--mass", "0.01", "0.02", "--output", str(tmp_path / "a.pdf")]
    assert main(words) == 2
    assert "pip install 'pheno-darksector[plots]'" in capsys.readouterr().err


def test_channels_of_cards_are_those_that_decay_visibly():
    visible = {name for model in models.names() for name in pheno.widths(model, 0.1).partial if name != "nu nu"}
    assert visible == set(experiments._CHANNELS)


def test_labels_and_production_of_axion_like_particles():
    plot = reach_plot([pheno.reach("na64e", "alp_photon", [0.01, 0.02])])
    assert plot.y_label == r"$g_{a\gamma\gamma}$ [GeV$^{-1}$]"
    assert "Primakoff production by photons of the shower" in plot.assumptions
    spin_2 = reach_plot([pheno.reach("na64e", "tensor_universal", [0.01], rtol=1e-2)])
    assert spin_2.y_label == r"$c/\Lambda$ [GeV$^{-1}$]"
    assert "spin 2 by photons of the shower not included" in spin_2.assumptions
