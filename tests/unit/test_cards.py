"""The reader of cards: every mistake is an error that names file and key."""

import pytest

from pheno import cards
from pheno.errors import CardError


def read(text, ask):
    with cards.parse_card(text, name="card.toml") as card:
        return ask(card)


@pytest.mark.parametrize(
    ("text", "ask", "message"),
    [
        ("", lambda c: c.text("name"), "card.toml: name: this key is missing"),
        ("name = 3", lambda c: c.text("name"), "card.toml: name: expected a text, got 3"),
        ("name = ' '", lambda c: c.text("name"), "card.toml: name: expected a text"),
        ("n = 1.5", lambda c: c.integer("n"), "card.toml: n: expected an integer, got 1.5"),
        ("n = true", lambda c: c.integer("n"), "card.toml: n: expected an integer, got True"),
        ("x = '1'", lambda c: c.number("x"), "card.toml: x: expected a finite number without unit"),
        ("x = nan", lambda c: c.number("x"), "card.toml: x: expected a finite number"),
        ("x = true", lambda c: c.number("x"), "card.toml: x: expected a finite number"),
        ("x = [1, 'a']", lambda c: c.numbers("x"), "card.toml: x: expected a list of finite numbers"),
        ("f = 1", lambda c: c.flag("f"), "card.toml: f: expected true or false, got 1"),
        ("s = [1]", lambda c: c.texts("s"), "card.toml: s: expected a list of texts"),
        ("e = 100", lambda c: c.quantity("e", "energy"), "card.toml: e: expected '<number> <unit>'"),
        ("e = ['1 GeV', '1 m']", lambda c: c.quantities("e", "energy"), r"card.toml: e\[1\]: expected"),
        ("t = 1", lambda c: c.table("t"), "card.toml: t: expected a table"),
        ("t = 1", lambda c: c.tables("t"), "card.toml: t: expected an array of tables"),
        ("a = 1\nb = 2", lambda c: c.number("a"), "card.toml: b: unknown key"),
        ("[t]\nnmae = 'x'\nname = 'y'", lambda c: c.table("t").text("name"), "card.toml: t.nmae: unknown key; did you"),
        (
            "[[t]]\nx = 1\n[[t]]\n",
            lambda c: [t.number("x") for t in c.tables("t")],
            r"card.toml: t\[1\].x: this key is",
        ),
        ("a = ", lambda c: None, "card.toml: not valid TOML: "),
    ],
)
def test_mistakes_are_named(text, ask, message):
    with pytest.raises(CardError, match=f"^{message}"):
        read(text, ask)


def test_values_arrive():
    text = 'n = 3\nx = 2\nf = true\ns = ["a"]\ne = ["1 GeV", "5 MeV"]\nv = [1, 2.5]'
    asked = read(
        text,
        lambda c: (
            c.integer("n"),
            c.number("x"),
            c.flag("f"),
            c.texts("s"),
            c.quantities("e", "energy"),
            c.numbers("v"),
        ),
    )
    assert asked == (3, 2.0, True, ("a",), (1.0, 0.005), (1.0, 2.5))


def test_defaults_stand_for_missing_keys_only():
    asked = read("", lambda c: (c.text("a", "x"), c.integer("b", 1), c.number("c", 2.0), c.flag("d", default=False)))
    assert asked == ("x", 1, 2.0, False)
    with pytest.raises(CardError, match="card.toml: b: expected an integer"):
        read("b = 'x'", lambda c: c.integer("b", 1))


def test_error_in_the_block_is_not_hidden_by_unread_keys():
    with pytest.raises(ZeroDivisionError):
        read("a = 1", lambda c: 1 / 0)


def test_unreadable_files_are_named(tmp_path):
    with (
        pytest.raises(CardError, match=r"absent.toml: cannot be read: No such file"),
        cards.open_card(tmp_path / "absent.toml"),
    ):
        pass
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(CardError, match=r"latin.toml: not a text in UTF-8"), cards.open_card(tmp_path / "latin.toml"):
        pass
