"""Stub files for Dana modules, so that editors and type checkers know what `import` of a `.na` gives."""

from __future__ import annotations

import ast
import keyword
import os
from collections.abc import Iterable, Iterator
from inspect import _ParameterKind as Kind
from pathlib import Path
from typing import Any

from opendxa.dana._context import native_context
from opendxa.dana._module import DanaModule, native_module
from opendxa.dana._native import DanaFunction, Module
from opendxa.dana._object import DanaEnum, DanaObject
from opendxa.dana._runtime import DanaRuntime
from opendxa.dana.errors import DanaError

_HEADER = "# Made by `dana stubgen` from {name}; changes are lost when it is made again.\n"
# What annotations of Dana's mean: as an argument, and as the result of a call through a module.
_ARGUMENTS = {
    "int": "int",
    "float": "float",
    "str": "str",
    "string": "str",
    "bool": "bool",
    "bytes": "bytes",
    "list": "list",
    "dict": "dict",
    "tuple": "tuple",
    "set": "set",
    "frozenset": "frozenset",
    "object": "object",
    "None": "None",
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Set": "set",
    "FrozenSet": "frozenset",
}
_RESULTS = {
    "int": "DanaInt",
    "float": "DanaFloat",
    "str": "DanaStr",
    "string": "DanaStr",
    "bytes": "DanaBytes",
    "list": "DanaList",
    "dict": "DanaDict",
    "tuple": "DanaTuple",
    "set": "DanaSet",
    "frozenset": "DanaFrozenSet",
    "List": "DanaList",
    "Dict": "DanaDict",
    "Tuple": "DanaTuple",
    "Set": "DanaSet",
    "FrozenSet": "DanaFrozenSet",
}


_PLAIN = {"int", "float", "str", "bool", "bytes", "object"}
# What stands behind a container whose elements nothing is said of.
_ANYTHING = {
    "list": "[Any]",
    "dict": "[Any, Any]",
    "tuple": "[Any, ...]",
    "set": "[Any]",
    "frozenset": "[Any]",
    "DanaList": "[Any]",
    "DanaDict": "[Any, Any]",
    "DanaTuple": "[Any]",
    "DanaSet": "[Any]",
    "DanaFrozenSet": "[Any]",
}


def stub_files(paths: Iterable[str]) -> Iterator[Path]:
    """The `.na` files that paths name: files themselves, and all beneath folders, in order."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            yield from sorted(
                file for file in path.rglob("*.na") if not any(part.startswith(".") for part in file.parts[1:])
            )
        elif path.suffix == ".na" and path.is_file():
            yield path
        else:
            raise FileNotFoundError(f"{name} is neither a .na file nor a folder")


def stub_text(file: Path) -> str:
    """The text of a module's stub file. The module's own lines run for it, in a context that may do nothing."""
    folder, name = _module_of(file)
    options: Any = {"search_path": [str(folder)], "output": _drop, "timeout": "60s"}
    with DanaRuntime().create_context(**options) as context:
        module = native_context(context).load_module(name, os.path.abspath(file))
        return _Stub(native_module(module), file.name).text()


def _drop(text: str) -> None:
    """Where a module's output goes."""


def _module_of(file: Path) -> tuple[Path, str]:
    """A module's full name, and the folder that it counts from: the working folder, above the packages it lies in, as any
    folder is one whose name is a module's; elsewhere above those with an `__init__.na`."""
    path = file.absolute()
    parts = [] if path.name == "__init__.na" else [path.stem]
    folder, here = path.parent, Path.cwd()
    while (folder / "__init__.na").is_file() or (folder != here and here in folder.parents and folder.name.isidentifier()):
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


class _Stub:
    """The stub of one module."""

    def __init__(self, module: Module, file: str) -> None:
        self._module = module
        self._file = file
        self._imports: set[str] = set()
        values = {name: module.get(name, True) for name in sorted(module.names()) if name.isidentifier()}
        self._values = {name: value for name, value in values.items() if not keyword.iskeyword(name)}
        self._structs = {name for name, value in self._values.items() if _is_struct(value)}
        self._enums = {name for name, value in self._values.items() if isinstance(value, DanaEnum)}
        # Names that the stub gives another meaning than Python's own.
        self._taken = set(self._values)
        for name in self._structs:
            struct = self._values[name]
            self._taken.update(struct.methods(), (field for field, *_ in struct.parameters))

    def text(self) -> str:
        parts = [self._part(name, value) for name, value in self._values.items()]
        lines = [_HEADER.format(name=self._file)]
        if self._module.documentation:
            lines.append(f"{self._module.documentation!r}\n")
        if any(f"builtins.{name}" in part for name in self._taken for part in parts):
            lines.append("import builtins\n")
        if any("Any" in part for part in parts):
            lines.append("from typing import Any\n")
        if self._imports:
            lines.append(f"from opendxa.dana.types import {', '.join(sorted(self._imports))}\n")
        return "\n".join(lines + [part for part in parts if part])

    def _part(self, name: str, value: Any) -> str:
        if isinstance(value, DanaFunction):
            return self._struct(name, value) if name in self._structs else self._function(name, value)
        if isinstance(value, DanaModule):
            return ""
        return f"{name}: {self._type_of(value)}\n"

    def _function(self, name: str, function: DanaFunction) -> str:
        result = self._result(function.annotation) if not function.is_generator else self._used("DanaIterator")
        return f"def {name}({self._parameters(function)}) -> {result}:{_documentation(function.documentation, 4)}"

    def _method(self, function: DanaFunction) -> str:
        """A method, whose own parameter is the first."""
        _, *parameters = self._parameter_texts(function)
        result = self._argument(function.annotation) if not function.is_generator else self._used("DanaIterator")
        text = ", ".join(["self", *parameters])
        return f"    def {function.name}({text}) -> {result}:{_documentation(function.documentation, 8)}".rstrip()

    def _struct(self, name: str, function: DanaFunction) -> str:
        base = self._used("DanaObject")
        lines = [f"class {name}({base}):"]
        if function.documentation:
            lines.append(f"    {function.documentation!r}")
        for field, _, _, annotation in function.parameters:
            lines.append(f"    {field}: {self._argument(annotation)}")
        separator = ", " if function.parameters else ""
        lines.append(f"    def __init__(self{separator}{self._parameters(function)}) -> None: ...")
        for method in sorted(function.methods()):
            known = function.get(method)
            if method.isidentifier() and not method.startswith("_") and isinstance(known, DanaFunction):
                lines.append(self._method(known))
        return "\n".join(lines) + "\n"

    def _parameters(self, function: DanaFunction) -> str:
        return ", ".join(self._parameter_texts(function))

    def _parameter_texts(self, function: DanaFunction) -> list[str]:
        parts: list[str] = []
        previous: int | None = None
        for name, kind, default, annotation in function.parameters:
            if previous == Kind.POSITIONAL_ONLY and kind != Kind.POSITIONAL_ONLY:
                parts.append("/")
            if kind == Kind.KEYWORD_ONLY and previous not in (Kind.VAR_POSITIONAL, Kind.KEYWORD_ONLY):
                parts.append("*")
            stars = {int(Kind.VAR_POSITIONAL): "*", int(Kind.VAR_KEYWORD): "**"}.get(kind, "")
            ending = "" if default is None else " = ..."
            parts.append(f"{stars}{name}: {self._argument(annotation)}{ending}")
            previous = kind
        if previous == Kind.POSITIONAL_ONLY:
            parts.append("/")
        return parts

    def _argument(self, annotation: str | None) -> str:
        return self._type(annotation, _ARGUMENTS)

    def _result(self, annotation: str | None) -> str:
        return self._type(annotation, {**_ARGUMENTS, **_RESULTS})

    def _type(self, annotation: str | None, names: dict[str, str]) -> str:
        if annotation is None:
            return "Any"
        try:
            return self._type_text(ast.parse(annotation, mode="eval").body, names)
        except SyntaxError:
            return "Any"

    def _type_text(self, node: ast.expr, names: dict[str, str]) -> str:
        match node:
            case ast.Name(id=name) if name in names:
                return self._used(names[name]) + _ANYTHING.get(names[name], "")
            case ast.Name(id=name) if name in self._structs:
                return name
            case ast.Name(id=name) if name in self._enums:
                return self._used("DanaObject")
            case ast.Name(id="null" | "none") | ast.Constant(value=None):
                return "None"
            case ast.Constant(value=str(text)):
                return self._type(text, names)
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                return f"{self._type_text(inner, names)} | None"
            case ast.Subscript(value=ast.Name(id="Union"), slice=inner):
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return " | ".join(dict.fromkeys(self._type_text(part, names) for part in parts))
            case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in names:
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                # What is inside a result is plain.
                texts = ["..." if _is_ellipsis(part) else self._type_text(part, _ARGUMENTS) for part in parts]
                if names[name] == "DanaTuple":
                    texts = [" | ".join(dict.fromkeys(text for text in texts if text != "..."))]
                return f"{self._used(names[name])}[{', '.join(texts)}]"
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return f"{self._type_text(left, names)} | {self._type_text(right, names)}"
        return "Any"

    def _type_of(self, value: Any) -> str:
        if value is None:
            return "None"
        if isinstance(value, DanaObject):
            return self._used(type(value).__name__)
        known = _ARGUMENTS.get(type(value).__name__, "Any")
        return self._used(known) + _ANYTHING.get(known, "")

    def _used(self, name: str) -> str:
        if name.startswith("Dana"):
            self._imports.add(name)
        return f"builtins.{name}" if name in self._taken and name in _ANYTHING.keys() | _PLAIN else name


def _is_struct(value: object) -> bool:
    return isinstance(value, DanaFunction) and value.kind == "struct"


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _documentation(text: str | None, indent: int) -> str:
    return f"\n{' ' * indent}{text!r}\n" if text else " ...\n"


def write_stubs(paths: list[str], *, check: bool) -> tuple[list[str], list[Exception]]:
    """Writes the stub files beside the modules; to check, only says which are missing or differ. Gives those, and what
    went wrong with other modules."""
    outdated: list[str] = []
    failures: list[Exception] = []
    for file in list(stub_files(paths)):
        try:
            if _write_stub(file, check):
                outdated.append(str(file.with_suffix(".pyi")))
        except (DanaError, OSError) as error:
            failures.append(error)
    return outdated, failures


def _write_stub(file: Path, check: bool) -> bool:
    """Writes a module's stub file unless it is only to be checked; whether it was missing or differed."""
    stub, text = file.with_suffix(".pyi"), stub_text(file)
    if stub.is_file() and stub.read_text(encoding="utf-8") == text:
        return False
    if not check:
        fresh = stub.with_suffix(".pyi.tmp")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, stub)
    return True
