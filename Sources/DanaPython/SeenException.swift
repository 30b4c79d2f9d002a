import Dana
import DanaLanguage
import PythonBridge

/// A Python exception as a program sees it.
struct SeenException {
    let kind: ExceptionKind
    let message: String
    let origin: PythonGuest

    init(_ error: PythonError, _ py: borrowing Python) {
        let exception = error.exception(py)
        origin = PythonGuest(exception)
        let (kind, isExact) = SeenException.kind(of: exception, py)
        self.kind = kind
        let text = kind == .keyError ? SeenException.key(of: error, py) : error.message(py)
        let name = "\(exception.typeName(py)): "
        // One that goes through several contexts has its name in front already.
        message = isExact || text.utf8.starts(with: name.utf8) ? text : name + text
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
    private static let kinds: [String: ExceptionKind] = Dictionary(
        uniqueKeysWithValues: ExceptionKind.allCases.map { ($0.name, $0) })

    /// The nearest class that Dana knows, too; and whether it says what the exception's own does.
    private static func kind(of exception: PythonObject, _ py: borrowing Python) -> (ExceptionKind, Bool) {
        do throws(PythonError) {
            let ancestors = try exception.type(py).attribute("__mro__", as: [PythonObject].self, py)
            for (distance, ancestor) in ancestors.enumerated() {
                let name = try ancestor.attribute("__name__", as: String.self, py)
                guard let kind = kinds[name], kind != .generatorExit, kind != .cancelledError else { continue }
                let module = try exception.type(py).attribute("__module__", as: String.self, py)
                return (kind == .exception && distance > 0 ? .hostError : kind, distance == 0 || module == ownErrors)
            }
        } catch {}
        return (.hostError, false)
    }
}
