import CPython
import PythonBridge

/// The widths that a text asks for as a form of values: the host makes room for them, whatever a context may use.
enum FormWidth {
    private static let most = 1_000_000

    /// Refuses a text with a number that is too large for a width.
    static func check(_ form: PythonObject, _ py: borrowing Python) throws(PythonError) {
        guard Int(py_kind(form.pointer)) == PY_KIND_STR, let text = try? form.value(as: String.self, py) else { return }
        guard largestNumber(in: text) > most else { return }
        throw .valueError("a form may ask for a width of \(most) at most")
    }

    private static func largestNumber(in text: String) -> Int {
        var (largest, number) = (0, 0)
        for byte in text.utf8 {
            guard byte &- UInt8(ascii: "0") < 10 else {
                number = 0
                continue
            }
            number = min(number * 10 + Int(byte &- UInt8(ascii: "0")), most + 1)
            largest = max(largest, number)
        }
        return largest
    }
}
