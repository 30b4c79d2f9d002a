import CPython
import Glibc

/// An exception class that a Swift module offers to Python and raises.
///
/// ```swift
/// let parseError = PythonExceptionClass("ParseError", base: .valueError, doc: "The text is not a shape.")
/// throw parseError("unknown shape", attributes: ["line": 3])
/// ```
public final class PythonExceptionClass: PythonModuleItem, @unchecked Sendable {
    // Safe because the type is set and read with the interpreter held.
    private enum Base: Sendable {
        case kind(PythonExceptionKind)
        case exported(PythonExceptionClass)
    }

    let name: StaticString
    let documentation: StaticString
    private let base: Base
    /// Made when first needed and kept for the life of the process.
    private var type: PyRef?

    public init(_ name: StaticString, base: PythonExceptionKind = .exception, doc: StaticString = "") {
        self.name = name
        documentation = doc
        self.base = .kind(base)
    }

    public init(_ name: StaticString, base: PythonExceptionClass, doc: StaticString = "") {
        self.name = name
        documentation = doc
        self.base = .exported(base)
    }

    /// The error to throw. The attributes are set on the exception object.
    public func callAsFunction(
        _ message: String, attributes: KeyValuePairs<String, any ToPython> = [:]
    ) -> PythonError {
        Python.hold { py in
            do throws(PythonError) {
                let type = try object(py)
                guard !attributes.isEmpty else { return PythonError(type: type, message) }
                let exception = try type.call(message, py: py)
                for (name, value) in attributes {
                    try exception.setAttribute(name, PythonObject(owning: try value.toPython(py)), py)
                }
                return PythonError(exception: exception)
            } catch {
                return error
            }
        }
    }

    /// The class as a Python object.
    public func object(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        PythonObject(borrowing: try type(inModule: "swift", py), py)
    }

    public func install(in module: PyRef, named name: StaticString, _ py: borrowing Python) throws(PythonError) {
        let type = try type(inModule: try PythonText.moduleName(module, py), py)
        guard PyModule_AddObjectRef(module, self.name.pointer, type) == 0 else { throw .taken(py) }
    }

    private func type(inModule module: String, _ py: borrowing Python) throws(PythonError) -> PyRef {
        if let type { return type }
        let base =
            switch base {
            case .kind(let kind): kind.type
            case .exported(let exported): try exported.type(inModule: module, py)
            }
        guard let made = PyErr_NewExceptionWithDoc("\(module).\(name)", documentation.pointer, base, nil) else {
            throw .taken(py)
        }
        type = made
        return made
    }
}

extension PythonError {
    /// Whether `except` of this class would catch the error.
    public func matches(_ type: PythonExceptionClass, _ py: borrowing Python) throws(PythonError) -> Bool {
        matches(try type.object(py), py)
    }
}

extension PythonText {
    /// A module's `__name__`: the full one, whatever the module was declared as.
    static func moduleName(_ module: PyRef, _ py: borrowing Python) throws(PythonError) -> String {
        try PythonObject.result(of: PyModule_GetNameObject(module), py).value(py)
    }
}
