import CPython
import PythonBridge

/// A Python tuple of values of any types.
struct PythonRow: ToPython, Sendable {
    let items: [any ToPython & Sendable]

    init(_ items: (any ToPython & Sendable)...) { self.items = items }

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let tuple = PyTuple_New(items.count) else { throw .taken(py) }
        for (index, item) in items.enumerated() {
            do throws(PythonError) {
                py_tuple_init(tuple, index, try item.toPython(py))
            } catch {
                py_decref(tuple)
                throw error
            }
        }
        return tuple
    }
}
