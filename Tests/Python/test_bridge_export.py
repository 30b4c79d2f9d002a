"""What Swift exports, as stock Python sees it: functions, classes, constants, lifetimes."""

import copy
import gc
import importlib
import inspect
import pickle
import pydoc
import subprocess
import sys
import threading
import time
import weakref

import bridge_probe as probe
import pytest


def test_functions_have_a_signature_and_a_documentation():
    assert str(inspect.signature(probe.add)) == "(left, right, /)"
    assert str(inspect.signature(probe.describe)) == "(name, times=1, *, end='.')"
    assert str(inspect.signature(probe.count_arguments)) == "(first, *rest, **named)"
    assert probe.add.__doc__ == "The sum of two integers."
    assert "The sum of two integers." in pydoc.render_doc(probe.add)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: probe.add(1), "add() missing 1 required argument: 'right'"),
        (lambda: probe.add(1, 2, 3), "add() takes 2 positional arguments but 3 were given"),
        (lambda: probe.add(1, right=2), "bridge_probe.add() takes no keyword arguments"),
        (lambda: probe.describe("a", zzz=2), "describe() got an unexpected keyword argument 'zzz'"),
        (lambda: probe.add(1, "2"), "argument 'right': expected int, got str"),
        (lambda: probe.describe("a", nam="b"), "describe() got an unexpected keyword argument 'nam'. Did you mean 'name'?"),
        (lambda: probe.describe("a", name="b"), "describe() got multiple values for argument 'name'"),
        (lambda: probe.describe("a", 1, "!"), "describe() takes from 1 to 2 positional arguments but 3 were given"),
    ],
)
def test_a_call_that_does_not_fit_says_why(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_every_kind_of_argument_arrives():
    assert probe.describe("ab", 2, end="!") == "abab!"
    assert probe.describe(times=2, name="x") == "xx."
    assert probe.count_arguments(1, 2, 3, b=1, a=2) == "2 b,a"


def test_the_order_of_names_and_the_line_of_the_call_do_not_matter():
    """Names in the order of the parameters pass as they came, and are known again by their tuple: from the same line."""
    names = ("name", "times", "end")
    for _ in range(3):
        assert [
            probe.describe("a", times=2, end="!"),
            probe.describe(name="b", times=2, end="!"),
            probe.describe(end="!", times=2, name="c"),
            probe.describe("d", end="!"),
            probe.describe(**dict(zip(names, ("e", 2, "!")))),
        ] == ["aa!", "bb!", "cc!", "d!", "ee!"]
        with pytest.raises(TypeError, match="multiple values for argument 'name'"):
            probe.describe("a", name="b", times=2)
        with pytest.raises(TypeError, match="from 1 to 2 positional"):
            probe.describe("a", 1, "!", times=2)
    method = probe.Counter(3).twice
    assert [method(by=2), method(by=4)] == [6, 12]


def test_a_call_keeps_no_more_of_its_names_than_the_last_tuple():
    calls = [eval(f"lambda: probe.describe(name='{letter}', times=1, end='')") for letter in "abc"]
    tuples = [next(c for c in call.__code__.co_consts if isinstance(c, tuple)) for call in calls]
    assert [call() for call in calls] == ["a", "b", "c"]
    counts = [sys.getrefcount(names) for names in tuples]
    for _ in range(100):
        assert [call() for call in calls] == ["a", "b", "c"]
    assert [sys.getrefcount(names) for names in tuples] == counts


def test_a_class_reads_like_one_of_pythons_own():
    assert probe.Counter.__name__ == "Counter"
    assert probe.Counter.__module__ == "bridge_probe"
    assert probe.Counter.__doc__ == "Counts from a start."
    assert str(inspect.signature(probe.Counter)) == "(start=0)"
    assert str(inspect.signature(probe.Counter.add)) == "(self, /, n)"
    assert str(inspect.signature(probe.Counter().twice)) == "(*, by=2)"
    assert str(inspect.signature(probe.Counter.parse)) == "(text)"
    assert probe.Counter.add.__doc__ == "Adds n and returns the sum."
    assert probe.Counter.value.__doc__ == "The count."
    rendered = pydoc.render_doc(probe.Counter)
    assert "Counts from a start." in rendered and "even or odd." in rendered


def test_methods_properties_and_special_methods():
    counter = probe.Counter(3)
    assert counter.add(4) == 7 and counter.value == 7 and counter.parity == "odd"
    counter.value = 10
    assert counter.add(n=1) == 11
    assert repr(counter) == "Counter(11)" and str(counter) == "11 counted"
    assert counter.twice() == 22 and counter.twice(by=3) == 33
    assert counter(4, sign=-1) == 7
    assert int(counter) == 11 and hash(counter) == 11 and bool(probe.Counter()) is False
    assert probe.Counter.parse("5").value == 5
    assert probe.Counter.named() == "Counter"


def test_comparison_leaves_what_it_does_not_know_to_the_other_side():
    counter = probe.Counter(3)
    assert counter == probe.Counter(3) and counter != probe.Counter(4)
    assert (counter == 3) is False and (counter != 3) is True
    assert counter < probe.Counter(4) and probe.Counter(4) > counter
    with pytest.raises(TypeError, match="'<' not supported between instances"):
        assert counter < 3


@pytest.mark.parametrize(
    "action, error, message",
    [
        (lambda c: c.add("x"), TypeError, "argument 'n': expected int, got str"),
        (lambda c: c.add(), TypeError, "missing 1 required argument: 'n'"),
        (lambda c: c.add(1, self=c), TypeError, "multiple values for argument 'self'"),
        (lambda c: probe.Counter.add(3, 4), TypeError, "doesn't apply to a 'int' object"),
        (lambda c: setattr(c, "value", "x"), TypeError, "argument 'value': expected int, got str"),
        (lambda c: setattr(c, "value", -1), ValueError, "must not be negative"),
        (lambda c: setattr(c, "parity", "odd"), AttributeError, "not writable"),
        (lambda c: delattr(c, "value"), AttributeError, "cannot be deleted"),
        (lambda c: probe.Counter(-1), ValueError, "start must not be negative, got -1"),
        (lambda c: probe.Counter(1, 2), TypeError, "takes from 0 to 1 positional arguments but 2 were given"),
        (lambda c: setattr(probe.Counter, "add", None), TypeError, "immutable type"),
        (lambda c: probe.Sealed(), TypeError, "cannot create 'bridge_probe.Sealed' instances"),
        (lambda c: type("Sub", (probe.Sealed,), {}), TypeError, "not an acceptable base type"),
        (lambda c: pickle.dumps(c), TypeError, "cannot pickle or copy 'bridge_probe.Counter' object"),
        (lambda c: copy.deepcopy(c), TypeError, "its state lives in Swift"),
        (lambda c: probe.same(3), TypeError, "expected Counter, got int"),
    ],
)
def test_misuse_of_a_class_says_what_is_wrong(action, error, message):
    with pytest.raises(error) as caught:
        action(probe.Counter(1))
    assert message in str(caught.value)


def test_a_container_with_operators():
    vector = probe.Vector(1, 2, 3)
    assert len(vector) == 3 and vector[0] == 1 and vector[-1] == 3
    assert list(vector) == [1, 2, 3] and 2 in vector and 9 not in vector
    assert list(vector + vector) == [2, 4, 6]
    assert list(vector * 2) == list(2 * vector) == [2, 4, 6]
    assert list(-vector) == [-1, -2, -3]
    vector[0] = 7
    del vector[1]
    assert list(vector) == [7, 3]
    with pytest.raises(IndexError, match="index 9 is out of range"):
        vector[9]
    with pytest.raises(TypeError, match="unsupported operand"):
        vector + 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(vector)


def test_an_iterator_of_swift_stays_at_its_end():
    iterator = iter(probe.Vector(1))
    assert next(iterator) == 1
    assert next(iterator, None) is None
    assert next(iterator, None) is None


def test_a_context_manager_leaves_in_every_case():
    counter = probe.Counter()
    with counter as entered:
        assert entered is counter
    with pytest.raises(KeyError), counter:
        raise KeyError
    assert counter.log == "enter exit enter failed"


def test_the_same_swift_object_is_the_same_python_object():
    counter = probe.Counter(1)
    assert counter.me() is counter and probe.same(counter) is counter
    many = [probe.Counter(n) for n in range(3000)]
    del many[::2]
    gc.collect()
    assert all(counter.me() is counter for counter in many)


class Named(probe.Counter):
    def __init__(self, start, name):
        super().__init__(start)
        self.name = name


def test_a_python_subclass_keeps_its_own_attributes_through_swift():
    named = Named(4, "four")
    assert named.add(1) == 5 and named.name == "four"
    assert named.me() is named and probe.same(named) is named
    assert Named.named() == "Named" and isinstance(named, probe.Counter)
    assert repr(named) == "Counter(5)"


def test_a_subclass_that_forgets_to_initialise_is_told():
    class Forgetful(probe.Counter):
        def __init__(self):
            pass

    with pytest.raises(TypeError, match=r"Forgetful.__init__\(\) must call super\(\).__init__\(\)"):
        Forgetful().add(1)


def test_objects_of_both_sides_end_together():
    gc.collect()
    before = probe.live_counters()
    counter = probe.Counter(1)
    named = Named(1, "x")
    reference, other = weakref.ref(counter), weakref.ref(named)
    assert probe.live_counters() == before + 2
    del counter, named
    assert reference() is None and other() is None
    assert probe.live_counters() == before


def test_reference_counts_return_after_success_and_failure():
    class Argument:
        pass

    argument = Argument()
    counter = probe.Counter(1)
    watched = [argument, counter, probe.Counter, probe.Counter.add]
    gc.collect()
    before = [sys.getrefcount(each) for each in watched]
    for _ in range(1000):
        counter.me()
        probe.call(lambda *_: None, argument, argument)
        for failing in (lambda: counter.add(argument), lambda: probe.add(1, argument), lambda: counter < argument):
            with pytest.raises(TypeError):
                failing()
    gc.collect()
    assert [sys.getrefcount(each) for each in watched] == before


def test_constants_and_a_module_inside():
    assert probe.ANSWER == 42 and probe.NOTHING is None
    inner = importlib.import_module("bridge_probe.inner")
    assert inner is probe.inner and inner.NAME == "inner" and inner.shout("a") == "A"
    assert inner.__name__ == "bridge_probe.inner" and inner.shout.__module__ == "bridge_probe.inner"


def test_a_module_imported_again_keeps_its_classes():
    saved = sys.modules.pop("bridge_probe")
    try:
        again = importlib.import_module("bridge_probe")
        assert again.Counter is saved.Counter and again.ProbeError is saved.ProbeError
        assert isinstance(again.Counter(1), saved.Counter)
        assert importlib.reload(again) is again
    finally:
        sys.modules.update({"bridge_probe": saved, "bridge_probe.inner": saved.inner})


def test_a_sub_interpreter_is_refused():
    interpreters = importlib.import_module("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "try:\n import bridge_probe\n"
        "except ImportError as error:\n assert 'main interpreter' in str(error) or 'subinterp' in str(error), error\n"
        "else:\n raise AssertionError('imported')\n"
    )
    # From 3.13 on one with a lock of its own is the usual kind; the other shares the main interpreter's.
    for kind in ((), ("legacy",)) if sys.version_info >= (3, 13) else ((),):
        interpreter = interpreters.create(*kind)
        try:
            assert interpreters.run_string(interpreter, code) is None
        finally:
            interpreters.destroy(interpreter)


def test_a_handle_dropped_on_a_swift_thread_is_released_while_python_runs():
    class Watched:
        pass

    # A list, not an event: what a pending call runs may interrupt the main thread inside the event's own lock.
    gone: list[bool] = []
    watched = Watched()
    weakref.finalize(watched, gone.append, True)
    probe.drop_on_a_thread(watched)
    del watched
    # No call into Swift from here: a pending call releases it, which the main thread takes when it gets the GIL back.
    until = time.monotonic() + 30
    while not gone and time.monotonic() < until:
        time.sleep(0.001)
    assert gone


def test_a_swift_thread_may_call_back_while_its_caller_waits():
    main = threading.get_ident()
    assert probe.call_on_a_thread(threading.get_ident) != main
    with pytest.raises(ZeroDivisionError):
        probe.call_on_a_thread(lambda: 1 / 0)


def test_python_that_a_swift_thread_runs_is_not_cut_off_by_the_exit(child_environment):
    """The exit waits for who is inside the interpreter: here a thread that goes on only when the exit has begun."""
    code = """
import atexit, bridge_probe, threading, time
inside, leaving = threading.Event(), threading.Event()
def slow():
    inside.set()
    leaving.wait()
    for _ in range(1000):
        time.sleep(0)  # lets the main thread take the interpreter, and with it the exit
    print("to the end")
bridge_probe.start_on_a_thread(slow)
inside.wait()
atexit.register(leaving.set)
"""
    for _ in range(5):
        child = subprocess.run(
            [sys.executable, "-c", code], env=child_environment, capture_output=True, text=True, timeout=60
        )
        assert (child.returncode, child.stdout, child.stderr) == (0, "to the end\n", "")


EXITS = {
    "handles alive": "import bridge_probe as p; p.keep(object()); p.keep(p.Counter(1)); kept = p.Counter(2)",
    "a thread that asks all the time": "import bridge_probe as p; p.hammer(); p.hammer()",
    "a subclass in a cycle": (
        "import bridge_probe as p\nclass S(p.Counter): pass\ns = S(1); s.me_too = s; p.keep(s)\n"
        "class D:\n  def __del__(self): self.s.add(1)\nd = D(); d.s = s; d.d = d"
    ),
    "exit from a callback": "import bridge_probe as p, sys; p.call(lambda: sys.exit(0))",
}


@pytest.mark.parametrize("code", EXITS.values(), ids=EXITS.keys())
def test_the_interpreter_ends_cleanly(code, child_environment):
    for _ in range(20):
        child = subprocess.run(
            [sys.executable, "-c", code], env=child_environment, capture_output=True, text=True, timeout=60
        )
        assert (child.returncode, child.stderr) == (0, "")
