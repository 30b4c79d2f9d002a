/// A built-in as one interpreter calls it: its defaults as values and what the fast call needs to know.
struct LinkedNative {
    let function: NativeFunction
    private let body: NativeBody
    /// The body again, to be called without counting a reference: as long as the built-in is linked, it lives.
    private let heldBody: Unmanaged<NativeBody>
    /// The machine's own deed instead of the body.
    let action: MachineAction?
    let parameterCount: Int
    /// The least number of arguments by position when all parameters may be given so, else -1.
    let leastCount: Int
    /// The least number of arguments by position with which a leaf needs no binding; for others more than any call has.
    let leastLeafCount: Int
    /// One for each parameter, undefined where there is none; immediate values only.
    let defaults: UnsafeMutablePointer<Value>
    let drains: Bool

    /// Leaves with more parameters are bound as others are.
    private static let mostLeafParameters = 8

    init(_ function: NativeFunction) {
        self.function = function
        switch function.body {
        case .leaf(let body):
            self.body = NativeBody(body)
            action = nil
        case .machine(let action):
            body = NativeBody { _ in .null }
            self.action = action
        }
        heldBody = .passUnretained(body)
        parameterCount = function.parameters.count
        drains = function.parameters.contains { $0.drains }
        let isPlain = function.parameters.allSatisfy { $0.kind == .positional || $0.kind == .either }
        let required = function.parameters.prefix { parameter in
            if case .required = parameter.default { true } else { false }
        }
        leastCount = isPlain ? required.count : -1
        let isLeaf = isPlain && action == nil && function.parameters.count <= LinkedNative.mostLeafParameters
        leastLeafCount = isLeaf ? required.count : .max
        defaults = .allocate(capacity: max(function.parameters.count, 1))
        for (index, parameter) in function.parameters.enumerated() {
            switch parameter.default {
            case .required, .absent: defaults[index] = .undefined
            case .null: defaults[index] = .null
            case .bool(let flag): defaults[index] = Value(flag)
            case .integer(let integer): defaults[index] = Value(fitting: integer) ?? .null
            }
        }
    }

    /// The built-in that a call of a value calls: a function, or a type's constructor.
    @inline(__always) static func called(by callee: Value) -> UnsafePointer<LinkedNative>? {
        guard callee.isObject else { return nil }
        return switch callee.object.pointee.kind {
        case .native: NativeObject(known: callee).native
        case .type: TypeObject(known: callee).at.pointee.constructor
        default: nil
        }
    }

    /// Whether a number of arguments by position needs no binding, given that none is to be drained.
    @inline(__always) func takes(_ count: Int) -> Bool { count >= leastLeafCount && count <= parameterCount }

    /// Calls a leaf that takes the arguments' number.
    @inline(__always)
    static func call(
        _ native: UnsafePointer<LinkedNative>, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, _ heap: Heap
    ) throws(DanaError) -> Value {
        guard count == native.pointee.parameterCount else {
            return try callWithDefaults(native, arguments, count, heap)
        }
        return try run(native, arguments, heap)
    }

    /// Calls the body with a value for each parameter.
    @inline(__always)
    static func run(
        _ native: UnsafePointer<LinkedNative>, _ arguments: UnsafeMutablePointer<Value>, _ heap: Heap
    ) throws(DanaError) -> Value {
        let call = NativeCall(heap: heap, arguments: arguments, native: native)
        return try native.pointee.heldBody._withUnsafeGuaranteedRef { body in
            Result { () throws(DanaError) in try body.deed(call) }
        }.get()
    }

    @inline(never)
    private static func callWithDefaults(
        _ native: UnsafePointer<LinkedNative>, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, _ heap: Heap
    ) throws(DanaError) -> Value {
        var slots: (Value, Value, Value, Value, Value, Value, Value, Value) = (
            .undefined, .undefined, .undefined, .undefined, .undefined, .undefined, .undefined, .undefined
        )
        return try withUnsafeMutablePointer(to: &slots) { slots throws(DanaError) in
            // Safe because a leaf has at most so many parameters as there are slots.
            let slots = UnsafeMutableRawPointer(slots).assumingMemoryBound(to: Value.self)
            let all = native.pointee.parameterCount
            var index = 0
            while index < count {
                slots[index] = arguments[index]
                index &+= 1
            }
            while index < all {
                slots[index] = native.pointee.defaults[index]
                index &+= 1
            }
            return try run(native, slots, heap)
        }
    }
}
