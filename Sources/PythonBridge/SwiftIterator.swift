/// A Swift sequence as a Python iterator: what `__iter__` of an exported class returns.
public final class SwiftIterator: PythonExported {
    private let next: (borrowing Python) throws(PythonError) -> PyRef?

    public init<Items: Sequence>(_ items: Items) where Items.Element: ToPython {
        var iterator = items.makeIterator()
        next = { (py) throws(PythonError) in try iterator.next()?.toPython(py) }
    }

    public static let pythonClass = PythonClass("SwiftIterator", doc: "Iterates over a Swift sequence.") {
        function("__iter__", "self") { (iterator: SwiftIterator) in iterator }
        function("__next__", "self") { (iterator: SwiftIterator) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                guard let item = try iterator.next(py) else { throw PythonError(.stopIteration, "") }
                return PythonObject(owning: item)
            }
        }
    }
}
