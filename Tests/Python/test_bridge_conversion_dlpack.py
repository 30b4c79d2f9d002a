"""Tensors come in through DLPack in place: element types, strides, read-only memory, versions, and who deletes them."""

import sys

import bridge_probe as probe
import numpy
import pytest


class Unversioned:
    """A producer from before DLPack had versions."""

    def __init__(self, array: numpy.ndarray) -> None:
        self.array = array

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.array.__dlpack_device__()

    def __dlpack__(self) -> object:
        return self.array.__dlpack__()


class Elsewhere(Unversioned):
    def __dlpack_device__(self) -> tuple[int, int]:
        return (2, 0)


class Keeping(Unversioned):
    def __dlpack__(self) -> object:
        self.capsule = self.array.__dlpack__()
        return self.capsule


@pytest.mark.parametrize("wrap", [lambda array: array, Unversioned])
def test_any_strides_give_the_elements_in_order(wrap: object) -> None:
    cube = numpy.arange(60, dtype="f8").reshape(3, 4, 5)
    for view in (cube, cube[::-1], cube[:, ::2, 1:4], cube.T, cube[:0], cube[1, 2, 3:4]):
        assert probe.floats_of_tensor(wrap(view)) == [float(x) for x in view.flatten()]
        assert probe.describe_tensor(wrap(view))[:2] == ("float64", list(view.shape))
    assert probe.describe_tensor(cube)[2] == [20, 5, 1]
    assert probe.describe_tensor(cube)[4] is True
    assert probe.describe_tensor(cube.T)[4] is False


@pytest.mark.parametrize(
    ("code", "name"),
    [("i1", "int8"), ("u4", "uint32"), ("f2", "float16"), ("f4", "float32"), ("c16", "complex128"), ("?", "bool")],
)
def test_element_types(code: str, name: str) -> None:
    tensor = numpy.zeros(2, dtype=code)
    assert probe.describe_tensor(tensor)[0] == name
    with pytest.raises(TypeError, match=f"expected a tensor of Double, got one of {name}"):
        probe.floats_of_tensor(tensor)


def test_writing_in_place_and_its_refusals() -> None:
    values = numpy.array([1.0, 2.0])
    probe.double_tensor_in_place(values)
    assert values.tolist() == [2.0, 4.0]
    with pytest.raises(BufferError, match="not contiguous"):
        probe.double_tensor_in_place(numpy.zeros(4)[::2])
    values.flags.writeable = False
    assert probe.describe_tensor(values)[3] is True
    with pytest.raises(BufferError, match="read-only"):
        probe.double_tensor_in_place(values)


def test_refusals() -> None:
    with pytest.raises(TypeError, match="expected a tensor with __dlpack__"):
        probe.floats_of_tensor([1.0])
    with pytest.raises(BufferError, match="device type 2, not in the CPU's memory"):
        probe.floats_of_tensor(Elsewhere(numpy.zeros(1)))


def test_a_taken_capsule_is_renamed_and_its_tensor_deleted_once() -> None:
    array = numpy.zeros(3)
    before = sys.getrefcount(array)
    producer = Keeping(array)
    assert probe.floats_of_tensor(producer) == [0.0] * 3
    assert '"used_dltensor"' in repr(producer.capsule)
    del producer
    assert sys.getrefcount(array) == before


def test_a_kept_tensor_pins_the_memory_and_any_thread_may_drop_it() -> None:
    array = numpy.zeros(3)
    before = sys.getrefcount(array)
    probe.keep_tensor(array)
    assert sys.getrefcount(array) > before
    probe.drop_tensor_elsewhere()
    assert sys.getrefcount(array) == before


def test_tensors_leave_reference_counts_alone() -> None:
    values = numpy.zeros(3)
    before = sys.getrefcount(values)
    for _ in range(1000):
        probe.floats_of_tensor(values)
    assert sys.getrefcount(values) == before
