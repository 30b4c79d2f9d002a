import CPython

/// Where inside a converted value something is: `$.items[3].price`.
///
/// Made only when a conversion fails, from the inside out: each container prepends its step as the error
/// passes through it.
public struct PythonPath: Sendable, CustomStringConvertible {
    /// One step down.
    public enum Step: Sendable, Hashable {
        case index(Int)
        /// A text key of a mapping, a field of a record or an attribute.
        case name(String)
        /// Any other key, as Python prints it.
        case key(String)
    }

    /// The innermost step first.
    private var reversed: [Step]

    public init() { reversed = [] }

    /// The steps from the root down.
    public init(_ steps: some Sequence<Step>) { reversed = steps.reversed() }

    public var steps: [Step] { reversed.reversed() }
    public var isEmpty: Bool { reversed.isEmpty }

    mutating func prepend(_ step: Step) { reversed.append(step) }

    /// A path of more steps than this is shown with its middle left out.
    private static let shownSteps = 24

    public var description: String {
        guard reversed.count > PythonPath.shownSteps else { return "$" + steps.map(PythonPath.text).joined() }
        let half = PythonPath.shownSteps / 2
        let head = steps.prefix(half).map(PythonPath.text).joined()
        let tail = steps.suffix(half).map(PythonPath.text).joined()
        return "$\(head)<\(reversed.count - 2 * half) more>\(tail)"
    }

    private static func text(_ step: Step) -> String {
        switch step {
        case .index(let index): "[\(index)]"
        case .key(let text): "[\(text)]"
        case .name(let name):
            isIdentifier(name) ? ".\(name)" : "['\(name.prefix(60))']"
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 60 && name.first?.isNumber != true
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}

extension PythonPath.Step {
    /// The step that a key of a Python mapping stands for.
    static func of(key: PyRef, _ py: borrowing Python) -> PythonPath.Step {
        if py_is_str(key) != 0 {
            if let text = PythonText.string(key) { return .name(text) }
            PyErr_Clear()
        }
        return .key(String(PythonText.represent(key, py).prefix(60)))
    }
}

/// Where an error arose: the argument of an exported function, and the path inside its value.
@usableFromInline final class PythonErrorPlace: Sendable {
    let error: PythonError.Storage
    let argument: StaticString?
    let path: PythonPath

    init(_ error: PythonError.Storage, argument: StaticString?, path: PythonPath) {
        self.error = error
        self.argument = argument
        self.path = path
    }

    /// `argument 'order': at $.items[3].price`.
    var text: String {
        let parts = [argument.map { "argument '\($0)'" }, path.isEmpty ? nil : "at \(path)"]
        return parts.compactMap { $0 }.joined(separator: ": ")
    }

    /// Adds the place to an exception that exists already, as a note.
    func annotate(_ exception: PythonObject, _ py: borrowing Python) {
        do throws(PythonError) {
            guard let note = PythonText.newReference(text) else { throw .taken(py) }
            _ = try exception.attribute("add_note", py).call(PythonObject(owning: note), py: py)
        } catch {
            // An exception that refuses notes is raised without one.
        }
    }
}

extension PythonError {
    /// The place known so far, or an empty one.
    private var place: PythonErrorPlace {
        if case .placed(let place) = storage { return place }
        return PythonErrorPlace(storage, argument: nil, path: PythonPath())
    }

    /// The same error, one step further out.
    @usableFromInline @inline(never) func at(_ step: PythonPath.Step) -> PythonError {
        let place = place
        var path = place.path
        path.prepend(step)
        return PythonError(placed: PythonErrorPlace(place.error, argument: place.argument, path: path))
    }

    /// The same error inside the element of this index.
    @usableFromInline @inline(never) func at(index: Int) -> PythonError { at(.index(index)) }

    /// The same error inside the value of this key.
    @usableFromInline @inline(never) func at(key: PyRef, _ py: borrowing Python) -> PythonError {
        at(.of(key: key, py))
    }

    /// The same error at the end of a path.
    func at(_ path: PythonPath) -> PythonError {
        path.steps.reversed().reduce(self) { error, step in error.at(step) }
    }

    /// The same error, saying which argument it is about.
    @usableFromInline func located(argument name: StaticString, _ py: borrowing Python) -> PythonError {
        let place = place
        return PythonError(placed: PythonErrorPlace(place.error, argument: name, path: place.path))
    }

    /// Where inside a converted value the error arose; empty when it is about the whole.
    public var path: PythonPath { place.path }
}
