"""The variables of scopes that the host sets."""

from typing import Any

import pytest

from opendxa.dana import DanaRuntime, errors


def test_programs_change_copies_of_the_systems_variables(runtime: DanaRuntime) -> None:
    system: dict[str, Any] = {"roles": ["user"], "limits": {"max": 1, "deep": ([1], {2})}, "name": "x"}
    with runtime.create_context(system=system) as context:
        context.eval_dana(
            """
system:roles.append("admin")
system:limits["max"] = 10 ** 9
limits = system:limits
limits["deep"][0].append(2)
limits["deep"][1].add(3)
limits["self"] = limits
"""
        )
        assert dict(context.system) == system
        assert context.eval_dana("[system:roles is system:roles, system:name is system:name]") == [False, True]
        with pytest.raises(errors.CapabilityError, match="system: variables are read-only"):
            context.eval_dana("system:roles = []")


def test_a_copy_is_of_the_same_shape(runtime: DanaRuntime) -> None:
    with runtime.create_context() as context:
        context.system["loop"] = context.eval_dana(
            """
struct Node:
    name: str
    next: list
node = Node("a", [])
both = [1]
node.next = [node, both, both]
for _ in range(100_000):
    node = Node("b", [node])
node
"""
        )
        context.eval_dana(
            """
copy = system:loop
for _ in range(100_000):
    copy = copy.next[0]
copy.name = "c"
copy.next[1].append(2)
"""
        )
        assert context.eval_dana("[copy.next[0] is copy, copy.next[1] is copy.next[2], copy.next[2], both]") == [
            True, True, [1, 2], [1],
        ]  # fmt: skip


def test_copies_are_limited(runtime: DanaRuntime) -> None:
    with runtime.create_context(system={"much": [[n] for n in range(10_000)]}, max_memory="10MB") as context:
        with pytest.raises(errors.MemoryLimitExceeded):
            context.eval_dana("all = []\nwhile true: all.append(system:much)")


def test_who_may_write_changes_them_in_place(runtime: DanaRuntime) -> None:
    with runtime.create_context(system={"roles": ["user"]}, allowed_capabilities=["system_write"]) as context:
        context.eval_dana("system:roles.append('admin')")
        assert context.system["roles"] == ["user", "admin"]
