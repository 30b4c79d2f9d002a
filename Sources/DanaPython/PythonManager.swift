import CPython
import Dana
import PythonBridge

/// A Python object that a program has in a `with`. One that is asynchronous only is awaited.
struct PythonManager {
    private let object: PythonObject

    init(_ object: PythonObject) { self.object = object }

    /// What the `with` gives.
    func enter(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard try isAsynchronous(py) else { return try object.callMethod("__enter__", py: py) }
        guard LoopBridge.current != nil else {
            throw .typeError(
                "'\(object.typeName(py))' object is asynchronous: only a program that is awaited enters it, as with "
                    + "call_async or eval_dana_async")
        }
        return try object.callMethod("__aenter__", py: py)
    }

    /// Leaves it as Python's `with` does: with the exception that ends the block, if one does, its type and its traceback.
    func leave(_ exception: PythonObject?, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let name = try isAsynchronous(py) ? "__aexit__" : "__exit__"
        guard let exception else { return try object.callMethod(name, py.none, py.none, py.none, py: py) }
        return try object.callMethod(
            name, exception.type(py), exception, try exception.attribute("__traceback__", py), py: py)
    }

    /// Leaves it where nobody waits for the answer: what is asynchronous stays entered.
    func leave(endedBy failure: DanaFailure) {
        object.callUnraisably { py throws(PythonError) in
            guard try !isAsynchronous(py) else { return }
            let exception = failure.pythonError(py).exception(py)
            _ = try leave(exception, py)
        }
    }

    private func isAsynchronous(_ py: borrowing Python) throws(PythonError) -> Bool {
        let type = object.type(py)
        if try type.hasAttribute("__enter__", py) { return false }
        return try type.hasAttribute("__aenter__", py)
    }
}
