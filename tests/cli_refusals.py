"""What every refusal of the command line looks like."""

from pheno.cli import main


def assert_refused(capsys, words, message):
    """Assert that these words end in exit code 2 and one line on standard error that holds the message."""
    try:
        code = main(words)
    except SystemExit as stop:  # argparse leaves this way
        code = stop.code
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.startswith("pheno: error: ")
    assert err.count("\n") == 1
    assert message in err
