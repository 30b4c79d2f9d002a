import PythonBridge

/// What the Python side of the package does for this one: it makes the exceptions, and what users see of values.
enum Hooks {
    enum Name: Int, CaseIterable {
        case failure, wrap, present, signature, annotations, context, toDana, items, reduce, drained
        case modelFailure, optionFault, modelData, tool, origin, placed

        /// As the Python side calls it.
        fileprivate var word: String {
            switch self {
            case .toDana: "to_dana"
            case .modelFailure: "model_failure"
            case .optionFault: "option_fault"
            case .modelData: "model_data"
            default: "\(self)"
            }
        }
    }

    // Safe because it is touched with the interpreter held, and what goes is dropped when it has been replaced.
    @exclusivity(unchecked) nonisolated(unsafe) private static var functions = [PythonObject?](
        repeating: nil, count: Name.allCases.count)

    static subscript(name: Name) -> PythonObject? { functions[name.rawValue] }

    static func set(_ hooks: [String: PythonObject]) throws(PythonError) {
        for (word, function) in hooks {
            guard let name = Name.allCases.first(where: { $0.word == word }) else {
                throw .valueError("there is no hook '\(word)'")
            }
            let before = functions[name.rawValue]
            functions[name.rawValue] = function
            withExtendedLifetime(before) {}
        }
    }
}
