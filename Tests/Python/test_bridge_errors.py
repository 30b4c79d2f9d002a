"""Errors on their way Python -> Swift -> Python -> Swift lose nothing."""

import asyncio
import traceback

import bridge_probe as probe
import pytest


def raised_with_everything():
    """An exception with a cause, a context, notes, arguments, an attribute and a traceback of two frames."""

    def inner():
        try:
            {}["missing"]
        except KeyError:
            raise ValueError("one", 2) from OSError(5, "cause")

    try:
        inner()
    except ValueError as error:
        error.add_note("noted")
        error.extra = object()
        return error


def frames(error):
    return [(frame.f_code.co_name, line) for frame, line in traceback.walk_tb(error.__traceback__)]


def test_an_exception_caught_in_swift_is_the_same_object():
    error = raised_with_everything()
    before = (error.__cause__, error.__context__, error.__notes__, error.args, error.extra)

    def again():
        raise error

    caught = probe.catch(again)
    assert caught is error
    assert (error.__cause__, error.__context__, error.__notes__, error.args, error.extra) == before
    assert isinstance(error.__cause__, OSError) and isinstance(error.__context__, KeyError)


def test_the_traceback_survives_two_crossings_each_way():
    error = raised_with_everything()
    before = frames(error)

    def outer():
        return probe.call(middle)

    def middle():
        return probe.raise_again(error)

    with pytest.raises(ValueError) as caught:
        probe.call(outer)
    assert caught.value is error
    after = frames(error)
    assert after[-len(before) :] == before
    assert [name for name, _ in after[: -len(before)]][-2:] == ["outer", "middle"]


def test_a_traceback_shows_python_on_both_sides_of_swift():
    def failing():
        return 1 / 0

    def calling():
        return probe.call(failing)

    with pytest.raises(ZeroDivisionError) as caught:
        calling()
    assert [name for name, _ in frames(caught.value)][-2:] == ["calling", "failing"]


def test_swift_can_add_a_cause_and_a_note():
    def failing():
        raise KeyError("lost")

    with pytest.raises(probe.ProbeError, match="wrapped") as caught:
        probe.wrap(failing)
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.__notes__ == ["seen by Swift"]
    assert caught.value.__suppress_context__
    assert "direct cause" in "".join(traceback.format_exception(caught.value))


def test_what_is_being_handled_becomes_the_context():
    try:
        raise KeyError("first")
    except KeyError as first:
        with pytest.raises(LookupError) as caught:
            probe.fail_with("second")
        assert caught.value.__context__ is first


@pytest.mark.parametrize(
    "kind, type_, message",
    [
        ("class", probe.ProbeError, "plain"),
        ("attributes", probe.ProbeParseError, "bad shape"),
        ("swift", RuntimeError, "ProbeSwiftError: broken(7)"),
        ("raisable", PermissionError, "not allowed"),
        ("cancelled", asyncio.CancelledError, ""),
        ("other", LookupError, "other"),
    ],
)
def test_every_swift_error_has_its_python_class(kind, type_, message):
    with pytest.raises(type_) as caught:
        probe.fail_with(kind)
    assert type(caught.value) is type_ and str(caught.value) == message


def test_an_exported_exception_class_is_an_ordinary_one():
    assert issubclass(probe.ProbeParseError, probe.ProbeError) and issubclass(probe.ProbeError, RuntimeError)
    assert probe.ProbeError.__module__ == "bridge_probe" and probe.ProbeError.__doc__ == "What the probes raise."
    with pytest.raises(probe.ProbeError) as caught:
        probe.fail_with("attributes")
    assert (caught.value.line, caught.value.text) == (3, "squircle")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_what_is_no_error_passes_through_as_it_is(error):
    def failing():
        raise error

    with pytest.raises(type(error)) as caught:
        probe.call(failing)
    assert caught.value is error


def test_recursion_through_swift_ends_with_an_error():
    def again():
        return probe.call(again)

    with pytest.raises(RecursionError):
        again()


def test_an_exception_whose_str_fails_is_carried_all_the_same():
    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError("no")

    error = Unspeakable()

    def failing():
        raise error

    assert probe.catch(failing) is error
