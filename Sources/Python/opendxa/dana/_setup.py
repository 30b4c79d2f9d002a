"""`dana setup`: installs what the embedded language model needs, fetches the model, and says what there is."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import sys
from pathlib import Path

from opendxa.dana import _engine
from opendxa.dana._engine import EngineFailure


def set_up(*, check: bool = False) -> int:
    """Brings what is missing, or with `check` only tells; 0 when all is there in the end."""
    try:
        complete = [_engine_part(check), _model_part(check)]
    except (EngineFailure, OSError) as failure:
        print(f"dana: {failure}", file=sys.stderr)
        return 1
    if all(complete):
        return 0
    _say("to do", "`dana setup` brings what is missing")
    return 1


def _engine_part(check: bool) -> bool:
    pin = f"{_engine.ENGINE}=={_engine.ENGINE_VERSION}"
    version = _engine_version()
    if version is None and check:
        _say("engine", f"missing: {pin}")
        return False
    if version is not None:
        tested = "" if version == _engine.ENGINE_VERSION else f"; {_engine.ENGINE_VERSION} is the one that was tested"
        _say("engine", f"{_engine.ENGINE} {version} is installed{tested}")
        return True
    _say("engine", f"installing {pin}")
    reason = _engine.run_pip("install", pin, shown=True)
    if reason is not None:
        raise EngineFailure(f"pip could not install the engine ({reason}): is there a network? Otherwise install {pin}")
    if _engine_version() is None:
        raise EngineFailure(f"pip installed {pin} where this Python does not find it: install it there")
    _say("engine", f"{_engine.ENGINE} {_engine_version()} is installed now")
    return True


def _model_part(check: bool) -> bool:
    folder = _engine.cache_folder()
    present = _engine.present_model(folder)
    if present is not None and _digest(present) != _engine.MODEL_SHA256:
        if present.parent != folder:
            raise EngineFailure(f"{present} is not the file that it should be: uninstall {_engine.PACKAGE}")
        _say("model", f"{present} is damaged")
        if not check:
            present.unlink()
        present = None
    if present is not None:
        _say("model", f"{present} is there, its hash is right")
        return True
    if check:
        _say("model", f"missing: {_engine.MODEL} ({_engine.MODEL_SIZE / 1e6:.0f} MB)")
        return False
    model = _engine.ensure_model(_tell, folder, shown=True)
    _say("model", f"{model} is there now, its hash is right")
    return True


def _engine_version() -> str | None:
    importlib.invalidate_caches()
    try:
        return importlib.metadata.version(_engine.ENGINE)
    except importlib.metadata.PackageNotFoundError:
        return None


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _tell(event: str, *, package: str, bytes: int) -> None:
    _say("model", f"{event} {package} ({bytes / 1e6:.0f} MB)")


def _say(subject: str, text: str) -> None:
    print(f"{subject:<7} {text}", flush=True)
