"""Arrow both ways without a copy: every element type that is read, nulls, slices, chunks, refusals and releases."""

import datetime
import gc
import os
from typing import Any

import bridge_probe as probe
import numpy
import pandas
import pyarrow
import pytest


@pytest.fixture
def polars() -> Any:
    if os.environ.get("DANA_SANITIZER") == "thread":
        pytest.skip("polars crashes when it is imported under the thread sanitizer")
    import polars

    return polars


class Counted:
    """A table whose memory pyarrow's own count of bytes shows, until the last release."""

    def __init__(self) -> None:
        self.before = pyarrow.total_allocated_bytes()
        self.table = pyarrow.table({"a": pyarrow.array(range(100_000), pyarrow.int64())})

    def alive(self) -> bool:
        gc.collect()
        return pyarrow.total_allocated_bytes() - self.before >= 800_000


def test_numbers_with_nulls() -> None:
    assert probe.arrow_int64s(pyarrow.array([1, None, -3])) == [1, None, -3]
    assert probe.arrow_floats(pyarrow.array([1.5, None])) == [1.5, None]
    assert probe.arrow_uint8s(pyarrow.array([255, None], pyarrow.uint8())) == [255, None]
    assert probe.arrow_bools(pyarrow.array([True, None, False])) == [True, None, False]
    assert probe.arrow_int64s(pyarrow.array([], pyarrow.int64())) == []


@pytest.mark.parametrize("type", [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()])
def test_text(type: pyarrow.DataType) -> None:
    texts = ["", "é", None, "exactly 12 b", "more than twelve bytes", "🐍" * 50]
    column = pyarrow.array(texts, type)
    assert probe.arrow_strings(column) == texts
    assert probe.arrow_strings(column[3:5]) == texts[3:5]
    with pytest.raises(TypeError, match="expected an Arrow column of bytes"):
        probe.arrow_binary(column)


@pytest.mark.parametrize(
    "type", [pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view(), pyarrow.binary(3)]
)
def test_bytes(type: pyarrow.DataType) -> None:
    values = [b"abc", None, b"\0\xff\0"]
    assert probe.arrow_binary(pyarrow.array(values, type)) == values


@pytest.mark.parametrize("start", [0, 1, 7, 8, 9, 63])
def test_slices_begin_inside_a_byte_of_the_bitmaps(start: int) -> None:
    flags = [None if i % 5 == 0 else i % 3 == 0 for i in range(80)]
    numbers = [None if i % 7 == 0 else i for i in range(80)]
    assert probe.arrow_bools(pyarrow.array(flags)[start : start + 10]) == flags[start : start + 10]
    assert probe.arrow_int64s(pyarrow.array(numbers)[start:]) == numbers[start:]
    batch = pyarrow.table({"a": numbers, "s": [str(x) for x in numbers]}).slice(start, 5)
    assert probe.arrow_column_int64s(batch, "a") == numbers[start : start + 5]
    assert probe.arrow_column_strings(batch, "s") == [str(x) for x in numbers[start : start + 5]]


def test_a_batch_with_an_offset_of_its_own() -> None:
    whole = pyarrow.StructArray.from_arrays([pyarrow.array([1, 2, 3, 4])], ["a"])
    assert probe.arrow_column_int64s(whole[1:3], "a") == [2, 3]


def test_moments_are_integers_with_unit_and_zone() -> None:
    moment = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    column = pyarrow.array([moment, None], pyarrow.timestamp("ms", "Europe/Berlin"))
    assert probe.arrow_int64s(column) == [1704067200000, None]
    table = pyarrow.table(
        {
            "zoned": column,
            "plain": pyarrow.array([0, 1], pyarrow.timestamp("ns")),
            "long": pyarrow.array([0, 1], pyarrow.duration("s")),
            "day": pyarrow.array([0, 1], pyarrow.date32()),
        }
    )
    types = [kind for _, kind, _ in probe.describe_table(table)[1]]
    assert "milliseconds" in types[0] and "Europe/Berlin" in types[0]
    assert "nanoseconds" in types[1] and "nil" in types[1]
    assert "duration" in types[2] and "seconds" in types[2]
    assert types[3] == "date32"
    assert probe.arrow_int32s(pyarrow.array([19723, None], pyarrow.date32())) == [19723, None]


@pytest.mark.parametrize("index", [pyarrow.int8(), pyarrow.uint16(), pyarrow.int32(), pyarrow.int64()])
def test_dictionaries(index: pyarrow.DataType) -> None:
    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([1, 0, None, 1], index), ["a", "b"])
    assert probe.arrow_strings(column) == ["b", "a", None, "b"]
    assert probe.arrow_strings(column[1:3]) == ["a", None]


def test_several_chunks_and_none() -> None:
    chunked = pyarrow.chunked_array([[1, 2], [], [None, 4]])
    assert probe.arrow_int64s(chunked) == [1, 2, None, 4]
    assert probe.describe_table(pyarrow.table({"a": chunked})) == (4, [("a", "int64", 3)])
    assert probe.arrow_int64s(pyarrow.chunked_array([], pyarrow.int64())) == []


def test_frames_of_polars_and_pandas(polars: Any) -> None:
    texts = ["x", None, "a text of more than twelve bytes"]
    for frame in (
        polars.DataFrame({"a": [1, None, 3], "s": texts}),
        pandas.DataFrame({"a": pandas.array([1, None, 3], "Int64"), "s": pandas.array(texts, "string")}),
    ):
        assert probe.arrow_column_int64s(frame, "a") == [1, None, 3]
        assert probe.arrow_column_strings(frame, "s") == texts
    assert probe.arrow_strings(polars.Series(["a", None])) == ["a", None]
    assert probe.arrow_strings(polars.Series(["a", "b", "a"], dtype=polars.Categorical)) == ["a", "b", "a"]


def test_a_stream_is_read_once() -> None:
    schema = pyarrow.schema([("a", pyarrow.int64())])
    reader = pyarrow.RecordBatchReader.from_batches(schema, pyarrow.table({"a": [1, 2]}).to_batches())
    assert probe.arrow_column_int64s(reader, "a") == [1, 2]


def test_the_elements_are_seen_in_place() -> None:
    column = pyarrow.array([1, 2, 3])
    address = column.buffers()[1].address
    assert probe.arrow_addresses(column) == [address]
    assert probe.arrow_addresses(column[1:]) == [address + 8]


def test_refusals() -> None:
    with pytest.raises(TypeError, match="expected an object with __arrow_c_stream__ or __arrow_c_array__, got list"):
        probe.describe_table([1])
    with pytest.raises(TypeError, match="expected an Arrow table, got a column of int64"):
        probe.describe_table(pyarrow.array([1]))
    with pytest.raises(TypeError, match="expected an Arrow column of Double, got one of int64"):
        probe.arrow_floats(pyarrow.array([1]))
    nested = pyarrow.table({"a": [[1], [2]], "b": [1, 2]})
    assert probe.describe_table(nested)[1][0][1] == 'opaque("+l")'
    assert probe.arrow_column_int64s(nested, "b") == [1, 2]
    with pytest.raises(TypeError, match="got one of opaque"):
        probe.arrow_column_int64s(nested, "a")


def test_an_error_of_the_producer_arrives() -> None:
    def batches() -> object:
        yield pyarrow.record_batch({"a": pyarrow.array([1])})
        raise ValueError("the producer broke")

    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("a", pyarrow.int64())]), batches())
    with pytest.raises((ValueError, RuntimeError), match="the producer broke"):
        probe.describe_table(reader)


def test_a_kept_table_pins_the_memory_and_any_thread_may_drop_it() -> None:
    producer = Counted()
    probe.keep_table(producer.table)
    producer.table = None
    assert producer.alive()
    probe.drop_table_elsewhere()
    assert not producer.alive()


def test_reading_releases_everything() -> None:
    producer = Counted()
    for _ in range(100):
        probe.describe_table(producer.table)
        with pytest.raises(TypeError):
            probe.arrow_column_strings(producer.table, "a")
    producer.table = None
    assert not producer.alive()


def test_tables_of_swift_go_out(polars: Any) -> None:
    integers, floats = [1, None, -(2**63)], [1.5, None, float("inf")]
    flags, texts = [True, None, False], ["é", None, ""]
    expected = {"integers": integers, "floats": floats, "flags": flags, "texts": texts}
    lent = probe.lend_table(integers, floats, flags, texts)
    table = pyarrow.table(lent)
    table.validate(full=True)
    assert table.to_pydict() == expected
    assert pyarrow.record_batch(lent).to_pydict() == expected
    assert pyarrow.schema(lent) == table.schema
    assert polars.DataFrame(lent).to_dict(as_series=False) == expected
    assert pandas.DataFrame.from_arrow(lent)["integers"].isna().tolist() == [False, True, False]
    assert probe.arrow_column_strings(lent, "texts") == texts
    empty = pyarrow.table(probe.lend_table([], [], [], []))
    empty.validate(full=True)
    assert empty.num_rows == 0


def test_tables_of_swift_are_taken_without_a_copy_and_outlive_their_object() -> None:
    lent = probe.lend_table(list(range(100)), [0.5] * 100, [True] * 100, ["text"] * 100)
    first, second = pyarrow.table(lent), pyarrow.table(lent)
    place = first["integers"].chunk(0).buffers()[1].address
    assert second["integers"].chunk(0).buffers()[1].address == place
    del lent, first
    column = second["integers"].chunk(0)
    del second
    assert column.to_pylist() == list(range(100))
    assert numpy.asarray(column)[99] == 99


def test_unread_capsules_release_what_they_hold() -> None:
    lent = probe.lend_table([1], [1.0], [True], ["a"])
    capsules = [lent.__arrow_c_stream__(), lent.__arrow_c_array__(), lent.__arrow_c_schema__()]
    del lent
    assert probe.lent_table_lives()
    del capsules
    assert not probe.lent_table_lives()


def test_a_taken_table_is_released_with_its_last_part(polars: Any) -> None:
    column = polars.DataFrame(probe.lend_table([1, 2], [1.0, 2.0], [True, False], ["a", "b"]))["integers"]
    table = pyarrow.table(probe.lend_table([1], [1.0], [True], ["a"]))
    part = table["floats"].chunk(0)
    del table
    assert part.to_pylist() == [1.0]
    assert column.to_list() == [1, 2]
    del part
    gc.collect()
    assert not probe.lent_table_lives()


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        probe.lend_table([1], [], [], [])
