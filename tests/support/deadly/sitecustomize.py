"""A file called Deadly ends the process that reads it, as the system does when memory runs out.

For whatever process finds this folder in its PYTHONPATH.
"""

import os
import signal

from importers import export

_decode = export.DECODE


def decode(member, latest, seconds=None):
    if "Deadly" in member.source:
        os.kill(os.getpid(), signal.SIGKILL)
    return _decode(member, latest, seconds)


export.DECODE = decode
