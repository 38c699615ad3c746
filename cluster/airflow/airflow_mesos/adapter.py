"""
debugpy's adapter on its standard streams, without the port that it would open beside them: `python adapter.py FOLDER`.

Whoever connects to that port, as any user of the machine can, has the adapter run what they like as this one. It is
there for debuggers of further processes, of which a debug copy has none. FOLDER holds the package debugpy.
"""

from __future__ import annotations

import sys


def main(folder: str) -> None:
    """Run the adapter until its debugger and its debuggee are gone."""
    sys.path.append(folder)
    from debugpy.adapter import __main__ as adapter  # noqa: PLC0415 - found just now
    from debugpy.adapter import clients  # noqa: PLC0415

    clients.serve = lambda host, port: (host, port or 0)
    clients.listener = None
    sys.argv = ["adapter"]
    adapter.main()


if __name__ == "__main__":
    main(sys.argv[1])
