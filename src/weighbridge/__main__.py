"""`python -m weighbridge` is the same program as `weighbridge`."""

from weighbridge.cli.main import main

main()
