import PythonBridge
import Synchronization

/// What the Python side of the package does for this one: it makes the exceptions, and what users see of values.
enum Hooks {
    enum Name: String, CaseIterable {
        case failure, wrap, present, signature, context
        case toDana = "to_dana"
    }

    private static let functions = Mutex<[Name: PythonObject]>([:])

    static subscript(name: Name) -> PythonObject? { functions.withLock { $0[name] } }

    static func set(_ hooks: [String: PythonObject]) throws(PythonError) {
        for (word, function) in hooks {
            guard let name = Name(rawValue: word) else { throw .valueError("there is no hook '\(word)'") }
            functions.withLock { $0[name] = function }
        }
    }
}
