"""The runtime and its Python face, beside other interpreters that a Python program can hold."""
