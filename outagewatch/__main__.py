"""Run the command line with ``python -m outagewatch``."""

from outagewatch.cli.app import main

if __name__ == "__main__":
    main()
