import CPython

/// Room for the arguments of one call, one place a parameter.
typealias ArgumentSlots = InlineArray<10, PyRef?>

/// The names of a function's parameters side by side, for the calls whose arguments only need to be put in place.
///
/// It holds no Swift object, so that using it costs no reference counting.
struct ParameterNames {
    /// How many parameters fit.
    static var limit: Int { ArgumentSlots.count }

    /// The interned name of each parameter, owned for the life of the process; nil where it must not be named.
    private let names: UnsafeMutablePointer<PyRef?>
    private let count: Int
    /// How many may be passed by position; -1 where `*args` or `**kwargs` take what is left.
    private let positionalCount: Int
    /// One bit for each parameter that has no default.
    private let required: Int64

    init(_ parameters: [ParameterSpecification], _ py: borrowing Python) throws(PythonError) {
        count = min(parameters.count, Self.limit)
        names = .allocate(capacity: Self.limit)
        names.initialize(repeating: nil, count: Self.limit)
        var required: Int64 = 0
        for (index, parameter) in zip(0..<count, parameters) {
            if parameter.isNameable {
                guard let name = PyUnicode_InternFromString(parameter.name.pointer) else { throw .taken(py) }
                names[index] = name
            }
            if parameter.isRequired { required |= 1 &<< Int64(index) }
        }
        self.required = required
        let takesAny = parameters.contains { $0.passing == .variadic || $0.passing == .keywords }
        positionalCount =
            takesAny ? -1 : parameters.prefix { $0.passing == .positionalOnly || $0.passing == .either }.count
    }

    /// Puts the arguments into the slots from `first` on; false when they do not simply fit. Slots not filled stay
    /// as they are, nil.
    @inline(__always)
    func bind(
        _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ keywordNames: PyRef?,
        into slots: UnsafeMutablePointer<PyRef?>, from first: Int
    ) -> Bool {
        guard given &+ first <= positionalCount else { return false }
        guard let arguments else { return keywordNames == nil && required & ~((1 &<< Int64(first)) &- 1) == 0 }
        // Safe because what is given fits the parameters, and there are slots for all of them.
        let filled = py_place_arguments(arguments, given, keywordNames, names, count, slots, first)
        return filled >= 0 && required & ~filled == 0
    }
}
