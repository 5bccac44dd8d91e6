"""The command line. Results go to stdout, everything else to stderr.

Exit status: 0 when all is well, 1 when some inputs failed (each is named), 2 for a
wrong call.
"""

from pipelines.cli.app import app

__all__ = ["app"]
