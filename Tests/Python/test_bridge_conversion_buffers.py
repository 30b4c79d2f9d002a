"""Buffers are seen in place: every element type, strides, read-only memory, lifetime, and who releases it."""

import array
import gc
import sys
import threading
import weakref

import bridge_probe as probe
import numpy
import pytest


@pytest.mark.parametrize("code", ["i1", "i2", "i4", "i8", "<i4", "=i8"])
def test_signed_integers(code: str) -> None:
    values = numpy.array([-3, 0, 100], dtype=code)
    assert probe.integers_of_buffer(values) == [-3, 0, 100]
    with pytest.raises(TypeError, match="expected a buffer of"):
        probe.floats_of_buffer(values)


@pytest.mark.parametrize("code", ["u1", "u2", "u4", "u8"])
def test_unsigned_integers(code: str) -> None:
    assert probe.naturals_of_buffer(numpy.array([3, 0, 100], dtype=code)) == [3, 0, 100]


def test_bytes_arrays_and_memoryviews() -> None:
    assert probe.naturals_of_buffer(b"ab") == probe.naturals_of_buffer(memoryview(bytearray(b"ab"))) == [97, 98]
    assert probe.floats_of_buffer(array.array("d", [1.5])) == [1.5]
    assert probe.naturals_of_buffer(b"") == []


def test_any_strides_give_the_elements_in_order() -> None:
    cube = numpy.arange(60, dtype="f8").reshape(3, 4, 5)
    for view in (cube, cube[::-1], cube[:, ::2, 1:4], cube.T, cube[1], cube[:0], cube[1, 2, 3]):
        assert probe.floats_of_buffer(view) == [float(x) for x in view.flatten()]
        assert probe.describe_buffer(view)[1:5] == (
            list(view.shape), list(view.strides), not view.flags.writeable, view.flags.c_contiguous,
        )  # fmt: skip


def test_writing_in_place_and_its_refusals() -> None:
    values = numpy.array([1.0, 2.0])
    probe.double_in_place(values)
    assert values.tolist() == [2.0, 4.0]
    values.flags.writeable = False
    with pytest.raises(BufferError, match="read-only"):
        probe.double_in_place(values)
    with pytest.raises(BufferError, match="not contiguous"):
        probe.double_in_place(numpy.zeros(4)[::2])
    assert probe.describe_buffer(values)[3] is True
    crooked = numpy.frombuffer(bytearray(17), dtype="f8", offset=1)
    assert probe.floats_of_buffer(crooked) == [0.0, 0.0]
    with pytest.raises(BufferError, match="not aligned"):
        probe.double_in_place(crooked)


def test_foreign_byte_order_and_other_formats_are_refused() -> None:
    with pytest.raises(TypeError, match="format '>d'"):
        probe.floats_of_buffer(numpy.zeros(2, dtype=">f8"))
    with pytest.raises(TypeError, match="expected a buffer of Double"):
        probe.floats_of_buffer(numpy.zeros(2, dtype=[("a", "i4"), ("b", "i4")]))
    with pytest.raises(TypeError, match="expected an object with a buffer, got list"):
        probe.floats_of_buffer([1.0])


def test_moments_are_integers_with_a_unit() -> None:
    moments = numpy.array(["2024-01-01", "1969-12-31"], dtype="datetime64[D]")
    assert probe.describe_buffer(moments)[5] == "D"
    assert probe.integers_of_buffer(moments) == [19723, -1]
    assert probe.describe_buffer(numpy.array([5], dtype="timedelta64[25us]"))[5] == "25us"
    assert probe.describe_buffer(numpy.array([5]))[5] is None


def test_a_kept_buffer_pins_the_memory_and_any_thread_may_drop_it() -> None:
    memory = bytearray(b"abc")
    before = sys.getrefcount(memory)
    probe.keep_buffer(memory)
    with pytest.raises(BufferError):
        memory.append(1)
    probe.drop_buffer_elsewhere()  # returns only after the thread ended; the release comes with the return
    memory.append(1)
    assert sys.getrefcount(memory) == before


@pytest.mark.parametrize("kind", ["buffer", "tensor"])
def test_what_ends_with_a_view_ends_on_a_thread_of_pythons(kind: str) -> None:
    """The view has the last reference: its end runs Python, which the thread that drops the view does not hold."""

    class Memory(numpy.ndarray):
        pass

    ended: list[int] = []
    memory = numpy.zeros(3).view(Memory)
    weakref.finalize(memory, lambda: ended.append(threading.get_ident()))
    getattr(probe, f"keep_{kind}")(memory)
    del memory
    gc.collect()
    assert ended == []
    getattr(probe, f"drop_{kind}_elsewhere")()
    assert ended == [threading.get_ident()]


def test_views_leave_reference_counts_alone() -> None:
    values = numpy.zeros(3)
    before = sys.getrefcount(values)
    for _ in range(1000):
        probe.floats_of_buffer(values)
        with pytest.raises(TypeError):
            probe.integers_of_buffer(values)
    assert sys.getrefcount(values) == before


def test_halves_truth_values_and_complex_numbers() -> None:
    assert probe.halves_of_buffer(numpy.array([0.5, -2], dtype="f2")) == [0.5, -2.0]
    assert probe.bools_of_buffer(numpy.array([True, False])) == [True, False]
    assert probe.complex_of_buffer(numpy.array([1 + 2j, -0.5j])) == [1 + 2j, -0.5j]
    with pytest.raises(TypeError, match="expected a buffer of"):
        probe.bools_of_buffer(numpy.zeros(2, dtype="u1"))
    assert numpy.asarray(probe.lend_halves([0.5, -2])).tolist() == [0.5, -2.0]
    assert numpy.asarray(probe.lend_complex([1 + 2j])).tolist() == [1 + 2j]
    assert memoryview(probe.lend_bools([True, False])).tolist() == [True, False]


def test_memory_of_swift_is_seen_without_a_copy() -> None:
    lent = probe.lend_floats([2, 3])
    view = memoryview(lent)
    assert (view.format, view.shape, view.strides, view.readonly) == ("d", (2, 3), (24, 8), True)
    first, second = numpy.asarray(lent), numpy.asarray(lent)
    assert first.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert numpy.shares_memory(first, second)
    assert not first.flags.writeable
    assert bytes(lent) == first.tobytes()
    with pytest.raises(TypeError):
        view[0, 0] = 1.0
    with pytest.raises(BufferError, match="read-only"):
        probe.double_in_place(lent)


def test_memory_of_swift_may_be_lent_for_writing() -> None:
    lent = probe.lend_floats([3], writable=True)
    numpy.asarray(lent)[1] = 7
    probe.double_in_place(lent)
    assert memoryview(lent).tolist() == [0, 14, 4]


@pytest.mark.parametrize("shape", [[0], [], [2, 0, 3]])
def test_lent_memory_of_any_shape(shape: list[int]) -> None:
    assert numpy.asarray(probe.lend_floats(shape)).shape == tuple(shape)


def test_impossible_shapes_are_refused() -> None:
    for shape in ([-1], [1 << 62, 8], [1] * 65):
        with pytest.raises(ValueError, match="shape"):
            probe.lend_floats(shape)


def test_lent_memory_lives_as_long_as_any_view() -> None:
    lent = probe.lend_counted(5)
    assert probe.lent_alive() == 1
    part = numpy.asarray(lent)[:]
    del lent
    assert probe.lent_alive() == 1
    assert part.tolist() == [5]
    del part
    assert probe.lent_alive() == 0
