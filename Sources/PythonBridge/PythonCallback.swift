import CPython
import Glibc

/// A Swift function made into a Python callable at run time: as many as wanted, freed when Python lets go.
///
/// ```swift
/// let double = function("double", "x") { (x: Int) in x * 2 }
/// let doubled = try py.builtin("map").call(double, [1, 2, 3], py: py)
/// ```
extension ExportedFunction: ToPython {
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let definition = UnsafeMutablePointer<Definition>.allocate(capacity: 1)
        let text = strdup(self.text(receiver: nil))
        definition.initialize(
            to: Definition(
                // Safe because CPython calls the pointer with the signature that the flags stand for.
                head: py_method_def(
                    name.pointer, unsafeBitCast(enterCallback, to: UnsafeMutableRawPointer.self), 1, 0, text),
                function: Unmanaged.passRetained(self)))
        guard let owner = PyCapsule_New(definition, Definition.capsuleName.pointer, releaseCallback) else {
            Definition.destroy(definition)
            throw .taken(py)
        }
        defer { py_decref(owner) }
        // The capsule is the function's `self`, which CPython releases after its last use of the definition.
        guard
            let function = UnsafeMutableRawPointer(definition).withMemoryRebound(
                to: PyMethodDef.self, capacity: 1, { py_function_new($0, owner) })
        else { throw .taken(py) }
        return function
    }

    /// What CPython calls, and the Swift function behind it.
    fileprivate struct Definition {
        var head: PyMethodDef
        let function: Unmanaged<ExportedFunction>

        static let capsuleName: StaticString = "swift.function"

        static func destroy(_ definition: UnsafeMutablePointer<Definition>) {
            free(UnsafeMutableRawPointer(mutating: definition.pointee.head.ml_doc))
            definition.pointee.function.release()
            definition.deallocate()
        }

        static func of(_ owner: PyRef?) -> UnsafeMutablePointer<Definition>? {
            owner.flatMap { PyCapsule_GetPointer($0, capsuleName.pointer) }?.assumingMemoryBound(to: Definition.self)
        }
    }
}

private typealias EnterCallback =
    @convention(c) (PyRef?, UnsafePointer<PyRef?>?, Int, PyRef?) -> PyRef?

private let enterCallback: EnterCallback = { owner, arguments, count, names in
    PythonEntry.enter { py in
        guard let definition = ExportedFunction.Definition.of(owner) else { return nil }
        return definition.pointee.function._withUnsafeGuaranteedRef { $0.call(nil, arguments, count, names, py) }
    }
}

private let releaseCallback: @convention(c) (PyRef?) -> Void = { owner in
    PythonEntry.enter { _ in
        if let definition = ExportedFunction.Definition.of(owner) { ExportedFunction.Definition.destroy(definition) }
    }
}
