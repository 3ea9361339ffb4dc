"""``python -m pheno.cli`` is the command ``pheno``."""

import sys

from pheno.cli import main

if __name__ == "__main__":
    sys.exit(main())
