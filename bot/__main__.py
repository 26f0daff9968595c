"""`python -m bot`, and the command `faqbot`."""

import sys

from bot.cli.commands import run


def main() -> None:
    """Run the command line."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
