import CPython
import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// A Dana function as a model may call it from Python.
extension FunctionHandle {
    /// The JSON Schema of its parameters; nil where it has no signature of its own.
    func toolSchema(_ py: borrowing Python) throws(PythonError) -> PythonValue? {
        do {
            return try reference.core.withLock { interpreter in
                try interpreter.jsonSchema(ofParametersOf: reference.value).map { PythonValue($0) }
            }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// The arguments that a model wrote, an object in JSON: values of the types that the function declares.
    func toolArguments(_ written: String, _ py: borrowing Python) throws(PythonError) -> [String: PythonObject] {
        let core = reference.core
        do {
            let tape = try HostTool.object(writtenAs: written)
            let made = try core.withLock { interpreter in
                (try interpreter.arguments(tape.root, of: reference.value) ?? []).map {
                    (name: $0.name, value: SentValue(value: $0.value))
                }
            }
            var left = made[...]
            // Those behind one that cannot leave its context.
            defer { if !left.isEmpty { _ = try? core.withLock { for (_, sent) in left { $0.release(sent.value) } } } }
            var arguments: [String: PythonObject] = [:]
            while let (name, sent) = left.popFirst() {
                arguments[name] = PythonObject(
                    owning: try DanaToPython.converted(sent.value, in: core, wraps: false, py))
            }
            return arguments
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}
