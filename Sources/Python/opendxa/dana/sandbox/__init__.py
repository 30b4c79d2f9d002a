"""Dana from Python by interpreter and context, each made by hand."""

from opendxa.dana.sandbox.interpreter import Interpreter
from opendxa.dana.sandbox.sandbox_context import SandboxContext

__all__ = ["Interpreter", "SandboxContext"]
