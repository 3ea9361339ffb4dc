"""Configuration of Sphinx. Warnings are errors: see `nox -s docs`."""

from __future__ import annotations

import re
from pathlib import Path

import pheno
from pheno import citations

project = "pheno"
author = "the pheno developers"
copyright = "2026, the pheno developers"
release = version = pheno.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"pheno {release}"

napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings say shapes and units, which types cannot

# References inside pheno must resolve; those to numpy and Python are plain text without a network.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!pheno\.).*")]
# The bibliography lists every publication, cited in the docs or not.
suppress_warnings = ["ref.citation"]


def _one_line(entry: str) -> str:
    """Authors, title, journal and links of a BibTeX entry."""
    fields = dict(re.findall(r'^\s+(\w+) = "(.*?)",?$', entry, flags=re.MULTILINE))
    text = {name: re.sub(r"[{}]", "", value.replace('{\\"a}', "ä")) for name, value in fields.items()}
    parts = [text["author"].replace(" and others", " et al.").replace(" and ", "; "), f"*{text['title']}*"]
    if "journal" in text:
        parts.append(f"{text['journal']} **{text['volume']}** ({text['year']}) {text['pages']}")
    if "doi" in text:
        parts.append(f"`doi:{text['doi']} <https://doi.org/{text['doi']}>`__")
    if "eprint" in text:
        parts.append(f"`arXiv:{text['eprint']} <https://arxiv.org/abs/{text['eprint']}>`__")
    return ", ".join(parts)


def _write_references() -> None:
    """Turn the one BibTeX file of the package into the page that docstrings cite."""
    lines = ["References", "==========", "", "As BibTeX: ``pheno cite``.", ""]
    for key, entry in citations.bibliography().items():
        lines += [f".. [{key}] {_one_line(entry)}", ""]
    page = Path(__file__).parent / "references.rst"
    text = "\n".join(lines)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


_write_references()


def _resolve_public_name(app, env, node, contnode):
    """Docstrings say ``pheno.cross_section``, as users do; the entry is under the module that defines it."""
    name = node.get("reftarget", "").removeprefix("pheno.")
    if node.get("refdomain") != "py" or name not in pheno.__all__:
        return None
    module = getattr(pheno, name).__module__
    for place in (module, module.rpartition(".")[0]):
        target = f"{place}.{name}"
        found = env.get_domain("py").resolve_xref(
            env, node["refdoc"], app.builder, node["reftype"], target, node, contnode
        )
        if found is not None:
            return found
    return None


def setup(app):
    app.connect("missing-reference", _resolve_public_name)
