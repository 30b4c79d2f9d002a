import CPython
import PythonBridge

/// The names that the classes of named tuples give to the items.
enum NamedTuples {
    /// The class that was asked for last: rows of one table have the same.
    // Safe because it is touched with the interpreter held.
    @exclusivity(unchecked) nonisolated(unsafe) private static var latest: (type: PythonObject, names: [String])?

    /// The names of a tuple's items; none where its class is derived from `tuple` in another way. No code of anyone's runs.
    static func names(of tuple: PyRef, _ py: borrowing Python) -> [String] {
        let type = PythonObject(borrowing: py_type(tuple), py)
        if let latest, latest.type.pointer == type.pointer { return latest.names }
        let before = latest
        let names = (try? names(ofClass: type, py)) ?? []
        latest = (type, names)
        withExtendedLifetime(before) {}
        return names
    }

    private static func names(ofClass type: PythonObject, _ py: borrowing Python) throws(PythonError) -> [String] {
        // A metaclass of a user's may answer in code of its own.
        let plain = py_type(py_type(py_true()))
        for ancestor in try type.attribute("__mro__", as: [PythonObject].self, py) {
            guard py_type(ancestor.pointer) == plain else { return [] }
            let own = try ancestor.attribute("__dict__", py)
            guard try own.contains(try py.object("_fields"), py) else { continue }
            let fields = try own.item(try py.object("_fields"), py)
            guard Int(py_kind(fields.pointer)) == PY_KIND_TUPLE else { return [] }
            return try fields.value(as: [String].self, py)
        }
        return []
    }
}
