import CPython
import Dana
import DanaLanguage
import PythonBridge

/// A Python exception as a program sees it.
struct SeenException {
    let kind: ExceptionKind
    let message: String
    let origin: PythonGuest
    /// What it was made with, a tuple of plain values; nil where that is the message.
    let arguments: PythonObject?
    /// Whether the message is another text than what `str` gives for an exception of Dana's with these arguments.
    let areApart: Bool

    init(_ error: PythonError, _ py: borrowing Python) {
        let exception = error.exception(py)
        origin = PythonGuest(exception)
        let (kind, isExact) = SeenException.kind(of: exception, py)
        self.kind = kind
        let text = kind == .keyError ? SeenException.key(of: error, py) : error.message(py)
        let name = "\(exception.shownTypeName(py)): "
        // One that goes through several contexts has its name in front already.
        message = isExact || text.utf8.starts(with: name.utf8) ? text : name + text
        let exact = isExact ? SeenException.arguments(of: exception, kind, py) : nil
        areApart = exact == nil
        arguments = exact ?? SeenException.plainArguments(of: exception, py)
    }

    /// An exception's arguments where they are plain, whatever its class makes of them.
    private static func plainArguments(of exception: PythonObject, _ py: borrowing Python) -> PythonObject? {
        guard let given = try? exception.attribute("args", py), Int(py_kind(given.pointer)) == PY_KIND_TUPLE,
            isPlain(given.pointer, depth: 0)
        else { return nil }
        return given
    }

    /// An exception's arguments where they are plain, and its text is what its kind makes of them.
    private static func arguments(
        of exception: PythonObject, _ kind: ExceptionKind, _ py: borrowing Python
    ) -> PythonObject? {
        do throws(PythonError) {
            let given = try exception.attribute("args", py)
            guard isPlain(given.pointer, depth: 0) else { return nil }
            let maker =
                kind.isKind(of: .osError) ? "OSError" : textMakers.contains(kind) ? kind.name : "BaseException"
            let text = try py.builtin(maker).attribute("__str__", py).call(exception, py: py).text(py)
            guard text == (try exception.text(py)) else { return nil }
            guard maker == "OSError", py_tuple_size(given.pointer) == 2 else { return given }
            // A file that the error is of is not among them.
            let (file, other) = (try exception.attribute("filename", py), try exception.attribute("filename2", py))
            guard !file.isNone(py) else { return given }
            guard isPlain(file.pointer, depth: 0), isPlain(other.pointer, depth: 0) else { return nil }
            let rest = other.isNone(py) ? [file] : [file, py.none, other]
            let parts = try given.elements(as: PythonObject.self, py) + rest
            return try py.builtin("tuple").call(parts, py: py)
        } catch {
            return nil
        }
    }

    /// Kinds that make a text of their own of their arguments.
    private static let textMakers: Set<ExceptionKind> = [.keyError, .unicodeDecodeError, .unicodeEncodeError]

    /// Whether a value is copied into a program without asking anybody.
    private static func isPlain(_ object: PyRef, depth: Int) -> Bool {
        switch Int(py_kind(object)) {
        case PY_KIND_NONE, PY_KIND_BOOL, PY_KIND_INT, PY_KIND_FLOAT, PY_KIND_STR, PY_KIND_BYTES: true
        case PY_KIND_TUPLE:
            depth < 8
                && (0..<py_tuple_size(object)).allSatisfy { index in
                    py_tuple_get(object, index).map { isPlain($0, depth: depth + 1) } ?? false
                }
        case PY_KIND_LIST:
            depth < 8
                && (0..<py_list_size(object)).allSatisfy { index in
                    py_list_get(object, index).map { isPlain($0, depth: depth + 1) } ?? false
                }
        default: false
        }
    }

    /// What a KeyError is about: its text would have quotes twice.
    private static func key(of error: PythonError, _ py: borrowing Python) -> String {
        do throws(PythonError) {
            guard let key = try error.arguments(py).first else { return "" }
            return try key.text(py)
        } catch {
            return error.message(py)
        }
    }

    /// Where the classes are that stand for errors of Dana's.
    private static let ownErrors = "opendxa.dana.errors"
    /// Where the class is that libraries in Rust raise for what they did not expect: an error of theirs as any other,
    /// though no `Exception`.
    private static let panics = "pyo3_runtime"
    private static let kinds: [String: ExceptionKind] = Dictionary(
        uniqueKeysWithValues: ExceptionKind.allCases.map { ($0.name, $0) })

    /// The nearest class that Dana knows, too; and whether it says what the exception's own does.
    private static func kind(of exception: PythonObject, _ py: borrowing Python) -> (ExceptionKind, Bool) {
        do throws(PythonError) {
            let isPanic = (try? exception.type(py).attribute("__module__", as: String.self, py)) == panics
            let ancestors = try exception.type(py).attribute("__mro__", as: [PythonObject].self, py)
            for (distance, ancestor) in ancestors.enumerated() {
                let name = try ancestor.attribute("__name__", as: String.self, py)
                guard let kind = kinds[name], !isPanic, kind != .generatorExit, kind != .cancelledError else {
                    continue
                }
                let module = try exception.type(py).attribute("__module__", as: String.self, py)
                return (kind == .exception && distance > 0 ? .hostError : kind, distance == 0 || module == ownErrors)
            }
        } catch {}
        return (.hostError, false)
    }
}
