"""Python's own `import` for Dana modules."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import FileFinder, ModuleSpec, PathFinder
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from opendxa.dana._module import ImportedModule, fill, native_module

if TYPE_CHECKING:
    from opendxa.dana._native import Module

PREFIX = "opendxa.dana.modules."
"""What stands before the names of modules that are imported without `enable_imports`."""


class DanaLoader(InspectLoader):
    """Loads one `.na` file; the runtime is made when the first is loaded."""

    def __init__(self, fullname: str, path: str) -> None:
        self.name = fullname
        self.path = path

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty module of Dana's."""
        return ImportedModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Runs the file and gives the module its content; once more when it is reloaded."""
        from opendxa.dana._context import native_context
        from opendxa.dana._convenience import imports_context

        assert isinstance(module, ImportedModule)
        name, path = module.__name__.removeprefix(PREFIX), self.path

        def load() -> Module:
            return native_module(native_context(imports_context()).load_module(name, path))

        fill(module, load(), load)

    def is_package(self, fullname: str) -> bool:
        """Whether the file is a package's `__init__.na`."""
        return self.path.endswith("/__init__.na")

    def get_filename(self, fullname: str) -> str:
        """The file."""
        return self.path

    def get_source(self, fullname: str) -> str:
        """The file's text."""
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def get_data(self, path: str) -> bytes:
        """What a file beside it holds, for `pkgutil`."""
        with open(path, "rb") as file:
            return file.read()

    def get_resource_reader(self, fullname: str) -> Any:
        """The files beside a package, for `importlib.resources`."""
        if not self.is_package(fullname):
            return None
        from importlib.readers import FileReader

        loader: Any = self  # all that it reads is the loader's path
        return FileReader(loader)

    def get_code(self, fullname: str) -> CodeType | None:
        """Nothing: Python has no code for what Dana runs."""
        return None


class DanaFinder(MetaPathFinder):
    """Finds `.na` files: beneath `opendxa.dana.modules`, and everywhere once that is enabled.

    It stands before Python's finder of files, which would take a folder with an `__init__.na` for a namespace, and
    finds nothing that any other finder finds.
    """

    def __init__(self) -> None:
        self.everywhere = False
        self._folders: dict[str, FileFinder] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is; None when it is not Dana's."""
        ours = fullname.startswith(PREFIX)
        if not ours and not self.everywhere:
            return None
        # The folders above `opendxa.dana.modules.shop` are those of `sys.path`, those above its `prices` are shop's.
        searched = sys.path if path is None or (ours and "." not in fullname.removeprefix(PREFIX)) else path
        for folder in searched:
            if not isinstance(folder, str):
                continue
            spec = self._finder(folder).find_spec(fullname)
            if spec is not None and spec.loader is not None:
                return spec if ours or not self._is_found_by_others(fullname, path, target) else None
        return None

    def invalidate_caches(self) -> None:
        """Looks into the folders anew."""
        self._folders.clear()

    def _finder(self, folder: str) -> FileFinder:
        finder = self._folders.get(folder)
        if finder is None:
            finder = self._folders[folder] = FileFinder(folder or ".", (DanaLoader, [".na"]))
        return finder

    def _is_found_by_others(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> bool:
        for finder in sys.meta_path:
            find: Any = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(fullname, path, target)
            if spec is not None and spec.loader is not None and not _is_namespace(spec):
                return True
        return False


def _is_namespace(spec: ModuleSpec) -> bool:
    return spec.origin is None and spec.submodule_search_locations is not None


_finder = DanaFinder()


def find_modules() -> None:
    """Lets `opendxa.dana.modules` find modules."""
    if _finder in sys.meta_path:
        return
    places = [index for index, finder in enumerate(sys.meta_path) if finder is PathFinder]
    sys.meta_path.insert(places[0] if places else len(sys.meta_path), _finder)


def enable_imports() -> None:
    """Lets every `import` find `.na` files."""
    find_modules()
    _finder.everywhere = True


def disable_imports() -> None:
    """Ends what `enable_imports` began."""
    _finder.everywhere = False
