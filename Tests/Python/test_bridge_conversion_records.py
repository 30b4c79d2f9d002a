"""Swift's Codable types cross as dicts and attribute objects; a failure names the field."""

import copy
import dataclasses
import datetime
import sys
import types

import bridge_probe as probe
import pytest

ORDER = {
    "items": [{"name": "a", "price": 1.5, "color": "red"}, {"name": "b", "price": 2.0}],
    "payment": {"card": {"number": 7}},
    "address": {"street": "s", "numbers": [1, 2]},
    "due": datetime.date(2024, 2, 29),
}


def test_a_record_comes_back_as_a_dict() -> None:
    assert probe.roundtrip_record(ORDER) == ORDER
    cash = ORDER | {"payment": {"cash": {}}, "note": "n"}
    assert probe.roundtrip_record(cash) == cash
    assert probe.roundtrip_record(ORDER | {"note": None, "unknown": 1}) == ORDER


def test_attributes_serve_as_well_as_keys() -> None:
    @dataclasses.dataclass
    class Item:
        name: str
        price: float

    order = types.SimpleNamespace(**ORDER | {"items": [Item("x", 3)]})
    assert probe.roundtrip_record(order)["items"] == [{"name": "x", "price": 3.0}]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda o: o["items"][1].update(price="x"), TypeError, "at $.items[1].price: expected float, got str"),
        (lambda o: o["items"][1].pop("price"), ValueError, "at $.items[1]: missing field 'price'"),
        (lambda o: o.pop("items"), ValueError, "missing field 'items'"),
        (lambda o: o["address"].update(numbers=[1, None]), TypeError,
         "at $.address.numbers[1]: expected int, got NoneType"),
        (lambda o: o["payment"]["card"].update(number="x"), TypeError,
         "at $.payment.card.number: expected int, got str"),
        (lambda o: o["items"].__setitem__(0, 5), TypeError,
         "at $.items[0]: expected dict or an object with attributes, got int"),
        (lambda o: o["items"][0].update(color="blue"), ValueError, "at $.items[0].color: 'blue' is no Color"),
    ],
)  # fmt: skip
def test_a_failure_names_the_field(change: object, error: type[Exception], message: str) -> None:
    order = copy.deepcopy(ORDER)
    change(order)
    with pytest.raises(error) as caught:
        probe.roundtrip_record(order)
    assert str(caught.value) == f"argument 'value': {message}"


def test_a_cycle_of_records_is_refused() -> None:
    node: dict = {"children": []}
    assert probe.count_children({"children": [node, node]}) == 2
    node["children"].append(node)
    with pytest.raises(RecursionError):
        probe.count_children(node)


@pytest.mark.parametrize("limit", [1000, 100_000])
def test_deep_records_are_refused_whatever_the_limit_of_python(limit: int) -> None:
    def nested(levels: int) -> dict:
        node: dict = {"children": []}
        for _ in range(levels):
            node = {"children": [node]}
        return node

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        assert probe.count_children(nested(400)) == 1
        for levels in (1000, 10_000, 50_000):
            for _ in range(3):  # refused at the same depth each time: what was entered is left
                with pytest.raises(RecursionError, match="nested deeper|maximum recursion depth"):
                    probe.count_children(nested(levels))
        assert probe.count_children(nested(400)) == 1
    finally:
        sys.setrecursionlimit(before)
