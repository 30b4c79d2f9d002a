"""Frames, tables and arrays of real libraries in Dana: used in place, by what each library does for whole columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest

from opendxa.dana import DanaContext, DanaRuntime, DanaType, TypeConverter, dana_function, errors

COLUMNS: dict[str, list[Any]] = {
    "id": list(range(3000)),
    "value": [number * 0.5 for number in range(3000)],
    "name": [f"n{number % 7}" for number in range(3000)],
}
TABLES = {
    "pandas": pandas.DataFrame(COLUMNS),
    "polars": polars.DataFrame(COLUMNS),
    "pyarrow table": pyarrow.table(COLUMNS),
    "pyarrow batch": pyarrow.record_batch(COLUMNS),
    "numpy": {name: numpy.array(values) for name, values in COLUMNS.items()},
}
EVERYWHERE = [
    ("table['value'][3]", 1.5),
    ("type(table['id'][3]) == int", True),
    ("sum(table['id'])", sum(range(3000))),
    ("table['id'].sum()", sum(range(3000))),
    ("table['value'].mean()", 749.75),
    ("[table['value'].min(), table['value'].max()]", [0.0, 1499.5]),
    ("[x for x in table['id'] if x > 2996]", [2997, 2998, 2999]),
    ("sum(table['value'] * 2 + 1)", 2 * sum(COLUMNS["value"]) + 3000),
    ("sum(2 * table['id'] - table['id'])", sum(range(3000))),
    ("(table['id'] / 2)[3]", 1.5),
    ("(-table['id'])[3]", -3),
    ("len(table['id'][10:20])", 10),
    ("{table['id'][3]: 1}[3]", 1),
    ("[10, 20, 30, 40][table['id'][3]]", 40),
    ("'name' in table", True),
    ("table['name'][8] + '!'", "n1!"),
    ("round(table['value'].mean())", 750),
]
CONDITIONS = [
    ("len(table[table['value'] > 1498.0])", 3),
    ("sum(table[table['id'] >= 2998]['id'])", 5997),
    ("len(table[(table['id'] < 10) & (table['value'] >= 1.0)])", 8),
    ("len(table[(table['id'] < 2) | (table['id'] == 100)])", 3),
    ("len(table[~(table['id'] < 2900)])", 100),
    ("len(table[table['name'] != 'n0'])", 2571),
    ("sum(table['id'][table['id'] <= 3])", 6),
    ("len(table)", 3000),
    ("len(table[5:9])", 4),
    ("table.shape == (3000, 3)", True),
    ("[name for name in table.columns]", ["id", "value", "name"]),
    ("len(table['name'].unique())", 7),
]


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> Any:
    return TABLES[request.param]


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context() as context:
        yield context


def evaluated(table: Any, program: str) -> Any:
    with DanaRuntime().create_context(local={"table": table}) as context:
        return context.eval_dana(program)


@pytest.mark.parametrize(("program", "expected"), EVERYWHERE)
def test_what_every_library_does(table: Any, program: str, expected: Any) -> None:
    assert evaluated(table, program) == expected


@pytest.mark.parametrize(("program", "expected"), CONDITIONS)
@pytest.mark.parametrize("name", ["pandas", "pyarrow table", "pyarrow batch"])
def test_conditions(name: str, program: str, expected: Any) -> None:
    assert evaluated(TABLES[name], program) == expected


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"pandas"}))  # pandas looks a number up in its index
def test_places_from_the_end_and_parts_with_steps(name: str) -> None:
    assert evaluated(TABLES[name], "[table['id'][-1], table['id'][10:20:5][1]]") == [2999, 15]


def test_conditions_of_polars() -> None:
    assert evaluated(TABLES["polars"], "len(table.filter(table['value'] > 1498.0))") == 3
    assert evaluated(TABLES["polars"], "[len(table), table.columns]") == [3000, ["id", "value", "name"]]


def test_a_matrix() -> None:
    matrix = numpy.arange(6).reshape(2, 3)
    assert evaluated(matrix, "[table[1][2], table[:, 1].sum(), table[1, 0], table.shape]") == [5, 5, 3, (2, 3)]


def test_frames_and_arrays_come_back_as_they_are(context: DanaContext) -> None:
    context.eval_dana("func identity(value): return value")
    for value in (TABLES["pandas"], TABLES["polars"], numpy.arange(3)):
        assert context.call("identity", value) is value
        assert context.call("identity", {"data": [value]})["data"][0] is value


def test_a_table_of_pyarrows_comes_back_as_a_view_of_it(context: DanaContext) -> None:
    context.eval_dana("func identity(value): return value\nfunc few(table): return table[:2]")
    table, batch, array = TABLES["pyarrow table"], TABLES["pyarrow batch"], pyarrow.array([1, 2])
    view = context.call("identity", table)
    assert view.table is table
    assert context.call("identity", array).column is array
    assert context.call("identity", batch).table == pyarrow.Table.from_batches([batch])
    assert repr(view) == "<table of 3000 rows: id, value, name>"
    assert repr(view["id"]) == "<column of 3000 int64>"
    assert polars.DataFrame(view).equals(TABLES["polars"])
    assert pyarrow.table(view) == table

    @dana_function("few", context=context)
    def few(table: pyarrow.Table) -> pyarrow.Table: ...  # type: ignore[empty-body]

    assert few(table) == table.slice(0, 2)


def test_nothing_is_copied(context: DanaContext) -> None:
    context.eval_dana("func part(table): return table[100:200]['id']")
    before = pyarrow.total_allocated_bytes()
    part = context.call("part", TABLES["pyarrow table"])
    assert pyarrow.total_allocated_bytes() <= before
    assert part.to_list() == COLUMNS["id"][100:200]
    original = TABLES["pyarrow table"].column("id").chunk(0)
    assert part.column.chunk(0).buffers()[1].address == original.buffers()[1].address


def test_rows_and_nulls_of_a_table() -> None:
    table = pyarrow.table({"a": [1, None, 3], "b": ["x", "y", None]})
    assert evaluated(table, "[row for row in table.rows()]") == table.to_pylist()
    assert evaluated(table, "[table[0], table[-1], table['b'][2]]") == [{"a": 1, "b": "x"}, {"a": 3, "b": None}, None]
    assert evaluated(table, "[table['a'].sum(), table['a'].count(), len(table[table['a'].is_null()])]") == [4, 2, 1]
    assert evaluated(table, "[3 in table['a'], 5 in table['a']]") == [True, False]


MISSING: dict[str, Any] = {
    "pandas": pandas.Series([1.0, None, 3.0]),
    "pandas integers": pandas.Series([1, None, 3], dtype="Int64"),
    "polars": polars.Series([1.0, None, 3.0]),
    "pyarrow": pyarrow.chunked_array([[1.0, None, 3.0]]),
    "pyarrow integers": pyarrow.array([1, None, 3]),
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_numbers_are_what_the_library_makes_of_them(name: str) -> None:
    found = evaluated(MISSING[name], "[sum(table), min(table), max(table), sum(table, 10)]")
    assert found == [4, 1, 3, 14]
    array = numpy.array([1.0, numpy.nan, 3.0])
    assert all(numpy.isnan(evaluated(array, "[sum(table), min(table), max(table)]")))


@pytest.mark.parametrize(
    ("program", "base", "message"),
    [
        ("table['size']", KeyError, "there is no column 'size'; there are id, value, name"),
        ("table[3000]", IndexError, "index 3000 is out of range: there are 3000"),
        ("table['id'][-3001]", IndexError, "index -3001 is out of range: there are 3000"),
        ("table[1.5]", TypeError, "Expected int, slice or condition, got float as an index"),
    ],
)
def test_what_is_not_in_a_table_is_named(program: str, base: type[Exception], message: str) -> None:
    with pytest.raises(base) as caught:
        evaluated(TABLES["pyarrow table"], program)
    assert isinstance(caught.value, errors.DanaError)
    assert message in str(caught.value)


def test_single_numbers(context: DanaContext) -> None:
    context.eval_dana("func identity(value): return value")
    for value, plain in (
        (numpy.int64(4), 4),
        (numpy.uint8(255), 255),
        (numpy.float32(1.5), 1.5),
        (numpy.float64(2.5), 2.5),
        (numpy.bool_(True), True),
        (pyarrow.scalar(7), 7),
        (pyarrow.scalar("a"), "a"),
    ):
        back = context.call("identity", [value])[0]
        assert back == plain
        assert type(back) is type(plain)
    when = numpy.datetime64("2024-01-01T00:00:00.000000001")
    assert context.call("identity", when) is when
    assert TypeConverter().to_dana(numpy.int64(4)) == (DanaType.INT, 4)


PAST_THE_CONTEXT = {
    "pandas": [
        "t.query('@os.getpid() == 0')", "t.eval('id + @os.getpid()')", "t.to_csv('FILE')", "t.to_csv(path_or_buf='FILE')",
        "t.to_pickle('FILE')", "t.to_json('FILE')", "t.to_parquet('FILE')", "t.to_sql('t', 'sqlite:///FILE')", "t.to_xarray()",
        "t.plot", "t.style", "t.to_csv", "t.agg", "f = t.to_csv\nf('FILE')", "f = t.apply\nf('to_csv')",
        "t.apply('to_csv', 0, None, 'FILE')", "t['id'].agg('to_csv', 0, 'FILE')", "t.agg({'id': 'to_csv'})",
        "t.agg([['to_csv']])", "t.agg(t.columns)", "t.agg('__getattribute__', 0, 'eval')", "t.transform('eval', 0, '1')",
        "t.groupby('name')['id'].filter('to_csv')", "t.groupby('name').agg('to_csv')",
        "t.pivot_table(index='name', values='id', aggfunc='to_csv')", "t['id'].to_csv('FILE')",
        "[1] | map(t.to_csv) | list", "t['id'].astype('O').to_numpy().data", "t.to_string(float_format='{0.__class__}')",
        "t.to_csv(null, ',', '', '{0.__class__}')", "t.to_string(float_format='%1000000000f')",
    ],
    "polars": [
        "t.sql('select 1')", "t.write_csv('FILE')", "t.write_csv(file='FILE')", "t.write_parquet('FILE')",
        "t.lazy().sink_csv('FILE')", "t.serialize('FILE')", "t.write_csv", "t.plot",
        "t.lazy().inspect('{0.__init__.__globals__}').collect()",
    ],
    "numpy": [
        "t['id'].tofile('FILE')", "t['id'].dump('FILE')", "t['id'].dumps()", "t['id'].ctypes", "t['id'].tofile",
        "t['id'].resize((1,), refcheck=False)", "t['id'].astype('O').data", "t['id'].data",
    ],
}


@pytest.mark.parametrize("library,program", [(library, one) for library, all in PAST_THE_CONTEXT.items() for one in all])
def test_no_method_leads_past_the_context(library: str, program: str, tmp_path: Path) -> None:
    file = tmp_path / "written"
    with pytest.raises(AttributeError, match="is not open to Dana programs: "):
        evaluated_as_t(TABLES[library], program.replace("FILE", str(file)))
    assert not file.exists()


def evaluated_as_t(table: Any, program: str) -> Any:
    with DanaRuntime().create_context(local={"t": table}) as context:
        return context.eval_dana(program)


def test_what_gives_texts_and_values_is_open() -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert evaluated_as_t(frame, "t.to_csv(index=False)") == "a,b\n1,x\n2,y\n"
    assert evaluated_as_t(frame, "t.to_csv(null, index=False)") == "a,b\n1,x\n2,y\n"
    assert evaluated_as_t(frame[["a"]] / 2, "t.to_csv(index=False, float_format='%.2f')") == "a\n0.50\n1.00\n"
    assert evaluated_as_t(frame, "t.to_dict()['a'][1]") == 2
    assert evaluated_as_t(frame, "t.agg({'a': 'sum'})['a']") == 3
    assert evaluated_as_t(frame, "t.groupby('b')['a'].agg(['sum', 'max']).shape[0]") == 2
    assert evaluated_as_t(frame, "t.filter(t.columns).shape[1]") == 2
    assert evaluated_as_t(frame, "t.apply(lambda column: 1)['a']") == 1
    assert evaluated_as_t(polars.DataFrame({"a": [1]}), "t.write_csv()") == "a\n1\n"
    assert evaluated_as_t(numpy.array([1, 2]), "t.tolist()") == [1, 2]


def test_slices_reach_python_as_its_own(context: DanaContext) -> None:
    seen: list[Any] = []

    class Looking:
        def __getitem__(self, key: Any) -> None:
            seen.append(key)

    with DanaRuntime().create_context(local={"s": Looking()}) as looking:
        looking.eval_dana("s[1:5]\ns[:]\ns[::-2]\ns[1:2, 3]")
    assert seen == [slice(1, 5), slice(None), slice(None, None, -2), (slice(1, 2), 3)]
    context.eval_dana("struct slice:\n    x: int\nfunc made(f): f(slice(1))")
    context.call("made", seen.append)
    assert repr(seen[-1]) == "slice(x=1)"


def test_three_dots_in_an_index_are_the_librarys_own(context: DanaContext) -> None:
    array = numpy.arange(6).reshape(2, 3)
    context.eval_dana(
        "func first(x): return x[..., 0]\nfunc whole(x): return x[...]\nfunc more(x): return x[null]\n"
        "func changes(x):\n    x[..., 0] = 9\n    x[0:1, ...] += 1"
    )
    assert context.call("first", array).tolist() == [0, 3]
    assert context.call("whole", array).shape == (2, 3)
    assert context.call("more", array).shape == (1, 2, 3)
    context.call("changes", array)
    assert array.tolist() == [[10, 2, 3], [9, 4, 5]]
    assert context.eval_dana("x = ...\nx") is None
    for program in ("[1][...]", "{}[...]"):
        with pytest.raises(TypeError):
            context.eval_dana(program)


def test_types_name_what_a_column_is_to_become(context: DanaContext) -> None:
    context.eval_dana("func astype(x): return x.astype(int)\nfunc cast(x): return x.cast(int)")
    assert context.call("astype", pandas.Series(["1"])).tolist() == [1]
    assert context.call("astype", numpy.array([1.5])).tolist() == [1]
    assert context.call("cast", polars.Series(["1"])).to_list() == [1]


def test_a_loop_over_columns_of_columns_gives_columns(context: DanaContext) -> None:
    context.eval_dana("func sums(x): return [part.sum() for part in x]")
    assert context.call("sums", polars.Series([[1, 2], [3]])) == [3, 3]


def test_rows_have_the_names_of_their_columns(context: DanaContext) -> None:
    context.eval_dana("func rows(x): return [[row.price, row.count, row[0]] for row in x.itertuples()]")
    frame = pandas.DataFrame({"price": [1.5, 2.5], "count": [1, 2]})
    assert context.call("rows", frame) == [[1.5, 1, 0], [2.5, 2, 1]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[x.num_rows, x.column_names]", [3, ["a", "b"]]),
        ("x.select(['a']).to_pydict()", {"a": [1, 2, 2]}),
        ("x.sort_by('b').slice(2).to_pylist()", [{"a": 2, "b": "z"}]),
        ("x.filter(x['a'] > 1)['b'].to_pylist()", ["y", "z"]),
        ("x.group_by('a').aggregate([('b', 'count')]).to_pydict()", {"a": [1, 2], "b_count": [1, 2]}),
        ("x.join(x.select(['a']), 'a').num_rows", 5),
        ("x['a'].cast('string').fill_null('').to_list()", ["1", "2", "2"]),
        ("x.to_pandas()['a'].sum()", 5),
    ],
)
def test_what_pyarrow_has_of_its_own(context: DanaContext, expression: str, expected: object) -> None:
    context.eval_dana(f"func run(x): return {expression}")
    assert context.call("run", pyarrow.table({"a": [1, 2, 2], "b": ["x", "y", "z"]})) == expected


@pytest.mark.parametrize("name", ["to_reader", "chunks", "nothing"])
def test_what_a_view_lacks_is_told_with_what_it_has(context: DanaContext, name: str) -> None:
    context.eval_dana(f"func table(x): return x.{name}\nfunc column(x): return x['a'].{name}")
    table = pyarrow.table({"a": [1]})
    with pytest.raises(AttributeError, match=f"pyarrow.Table has no attribute '{name}' in Dana: it has .*num_rows"):
        context.call("table", table)
    with pytest.raises(AttributeError, match=f"has no attribute '{name}' in Dana: it has .*to_pylist"):
        context.call("column", table)
