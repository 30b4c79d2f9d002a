"""Dana from Python: what is importable here is the whole public face of the package."""

from opendxa.dana._deadline import deadline, remaining_time
from opendxa.dana._native import build_info, sleep, ticks, version

__version__ = version()

__all__ = ["__version__", "build_info", "deadline", "remaining_time", "sleep", "ticks", "version"]
