"""Dana's modules beside Python's own: `from opendxa.dana.modules import business_rules` finds `business_rules.na`."""

from opendxa.dana._finder import find_modules as _find_modules

__all__: list[str] = []

_find_modules()
