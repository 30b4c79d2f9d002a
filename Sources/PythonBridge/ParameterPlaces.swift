import CPython
import PythonTrampolines

/// What the C entry points know of a function's parameters: enough to put the arguments of most calls in place.
extension dana_parameters {
    init(_ parameters: [ParameterSpecification], _ receiving: ReceiverPassing) {
        self.init()
        count = parameters.count
        first = receiving == .separate ? 0 : 1
        let takesAny = parameters.contains { $0.passing == .variadic || $0.passing == .keywords }
        let fits = !takesAny && parameters.count <= Int(DANA_PARAMETER_LIMIT)
        positional = fits ? parameters.prefix { $0.isPlain }.count : -1
        for (index, parameter) in parameters.enumerated() where fits && parameter.isRequired {
            required |= 1 &<< UInt64(index)
        }
    }

    /// Before this, calls with names are not placed but bound.
    mutating func setNames(_ binder: ArgumentBinder) {
        guard is_named == 0, count <= Int(DANA_PARAMETER_LIMIT) else { return }
        withUnsafeMutableBytes(of: &names) { places in
            // Safe because the names are pointers in a row, as many as the limit says.
            let places = places.assumingMemoryBound(to: PyRef?.self)
            for (index, parameter) in zip(places.indices, binder.parameters) where parameter.isNameable {
                places[index] = binder.names[index]
            }
        }
        is_named = 1
    }
}

extension ParameterSpecification {
    /// Whether it may be passed by position.
    var isPlain: Bool { passing == .positionalOnly || passing == .either }
}
