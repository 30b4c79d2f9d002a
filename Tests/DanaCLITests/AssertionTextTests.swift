import DanaLanguage
import Testing

@testable import DanaCLI

/// Assertions that say what the values were.
@Suite struct AssertionTextTests {
    @Test(arguments: [
        ("assert a == b\n", "assert (_1 := (a)) == (_2 := (b)), f\"{_1!r} == {_2!r}\"\n"),
        ("assert x not in [1]\n", "assert (_1 := (x)) not in (_2 := ([1])), f\"{_1!r} not in {_2!r}\"\n"),
        ("assert f(1)\n", "assert (_1 := (f(1))), f\"the value is {_1!r}\"\n"),
        ("assert a < b < c\n", "assert (_1 := (a < b < c)), f\"the value is {_1!r}\"\n"),
        ("assert a == b, \"own\"\n", "assert a == b, \"own\"\n"),
        ("assert (a ==\n    b)\n", "assert ((_1 := (a)) \\\n== (_2 := (b)), f\"{_1!r} == {_2!r}\")\n"),
        ("assert\n", "assert\n"),
    ])
    func theTextIsChangedInItsPlace(text: String, changed: String) {
        let source = AssertionText.explaining(SourceText(text, name: "x.na"))
        #expect(String(decoding: source.bytes, as: UTF8.self) == changed)
    }
}
