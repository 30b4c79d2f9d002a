import CPython

/// Room for the arguments of one call, one place a parameter.
typealias ArgumentSlots = InlineArray<16, PyRef?>

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
    private let required: UInt

    init(_ parameters: [ParameterSpecification], _ py: borrowing Python) throws(PythonError) {
        count = min(parameters.count, Self.limit)
        names = .allocate(capacity: Self.limit)
        names.initialize(repeating: nil, count: Self.limit)
        var required: UInt = 0
        for (index, parameter) in zip(0..<count, parameters) {
            if parameter.isNameable {
                guard let name = PyUnicode_InternFromString(parameter.name.pointer) else { throw .taken(py) }
                names[index] = name
            }
            if parameter.isRequired { required |= 1 &<< UInt(index) }
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
        // Safe because every index is below the count of parameters, which is at most the number of slots.
        guard given &+ first <= positionalCount else { return false }
        var filled: UInt = (1 &<< UInt(given &+ first)) &- 1
        guard let arguments else { return required & ~filled == 0 && keywordNames == nil }
        for index in 0..<given { slots[first &+ index] = arguments[index] }
        if let keywordNames {
            for number in 0..<py_tuple_size(keywordNames) {
                let name = py_tuple_get(keywordNames, number)
                var index = 0
                while index < count, names[index] != name { index &+= 1 }
                let bit: UInt = 1 &<< UInt(index)
                guard index < count, filled & bit == 0, name != nil else { return false }
                filled |= bit
                slots[index] = arguments[given &+ number]
            }
        }
        return required & ~filled == 0
    }
}
