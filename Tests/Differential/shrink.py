"""Makes a program that shows a fault as small as it can while it still shows it."""

import ast
from collections.abc import Callable, Iterator

BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def shrunk(source: str, shows: Callable[[str], bool], attempts: int = 3000) -> str:
    """The smallest program found by leaving out statements and putting parts of expressions in place of the whole."""
    best = source
    left = attempts
    found = True
    while found and left > 0:
        found = False
        for candidate in smaller(best):
            left -= 1
            if left <= 0:
                break
            if len(candidate) < len(best) and shows(candidate):
                best, found = candidate, True
                break
    return best


def smaller(source: str) -> Iterator[str]:
    """Programs with one thing less, the large steps first."""
    count = sum(1 for _ in steps(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        for at, step in enumerate(steps(tree)):
            if at == number:
                step()
                break
        try:
            yield ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        except (ValueError, IndexError, AttributeError, TypeError):
            continue


def steps(tree: ast.Module) -> Iterator[Callable[[], None]]:
    """What can be done to a tree to make it smaller, each once."""
    nodes = list(ast.walk(tree))
    for node in nodes:
        for field in BODIES:
            body = getattr(node, field, None)
            if not isinstance(body, list):
                continue
            for at, statement in enumerate(body):
                yield lambda body=body, at=at: leave_out(body, at)
                inner = getattr(statement, "body", None)
                if isinstance(inner, list) and isinstance(statement, ast.stmt):
                    yield lambda body=body, at=at, inner=inner: body.__setitem__(slice(at, at + 1), inner)
    for node in nodes:
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not isinstance(getattr(value, "ctx", None), (ast.Store, ast.Del)):
                for part in parts(value):
                    yield lambda node=node, field=field, part=part: setattr(node, field, part)
            elif isinstance(value, list):
                for at, item in enumerate(value):
                    if isinstance(item, ast.expr) and not isinstance(getattr(item, "ctx", None), (ast.Store, ast.Del)):
                        if not isinstance(node, (ast.Dict, ast.Compare)):
                            yield lambda value=value, at=at: value.pop(at)
                        for part in parts(item):
                            yield lambda value=value, at=at, part=part: value.__setitem__(at, part)


def leave_out(body: list, at: int) -> None:
    body.pop(at)
    if not body:
        body.append(ast.Pass())


def parts(value: ast.expr) -> Iterator[ast.expr]:
    """What may stand in an expression's place: what it is made of, or a plain literal."""
    if isinstance(value, (ast.Constant, ast.Name, ast.JoinedStr, ast.FormattedValue)):
        return
    for child in ast.walk(value):
        if child is not value and isinstance(child, ast.expr) and not isinstance(child, (ast.Starred, ast.FormattedValue)):
            yield child
    for literal in (0, "", None):
        yield ast.Constant(literal)
    yield ast.List([], ast.Load())
