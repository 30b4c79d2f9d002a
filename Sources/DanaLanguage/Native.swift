/// A built-in function or method: a leaf that gets borrowed arguments and returns a value its caller owns.
///
/// It never calls back into Dana, never waits, and keeps to the limits: it charges ticks for the elements it visits
/// and reserves bytes before it builds a result.
struct NativeFunction: Sendable {
    /// Who does the work.
    enum Body: Sendable {
        case leaf(@Sendable (NativeCall) throws(DanaError) -> Value)
        /// The machine's own deed, which may run Dana functions or suspend.
        case machine(MachineAction)
    }

    /// As messages name it: `len`, `list.append`.
    let name: String
    /// The name without the underscore of what only preludes see, so that messages speak of what a program called.
    var shownName: String {
        let parts = name.split(separator: ".")
        return parts.map { $0.first == "_" && !$0.hasPrefix("__") ? String($0.dropFirst()) : String($0) }
            .joined(separator: ".")
    }

    /// Whether it is a method, whose first argument is the value that has it.
    var hasReceiver: Bool { parameters.first?.name == NativeParameter.receiver.name }

    /// One slot of `NativeCall` each, in this order.
    let parameters: [NativeParameter]
    /// One sentence for help.
    let documentation: String
    let body: Body

    /// A leaf.
    init(
        _ name: String, _ parameters: [NativeParameter] = [], _ documentation: String,
        body: @escaping @Sendable (NativeCall) throws(DanaError) -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.documentation = documentation
        self.body = .leaf(body)
    }

    init(_ name: String, _ parameters: [NativeParameter] = [], _ documentation: String, action: MachineAction) {
        self.name = name
        self.parameters = parameters
        self.documentation = documentation
        self.body = .machine(action)
    }
}

/// One parameter of a built-in.
struct NativeParameter: Sendable {
    enum Kind: Sendable {
        /// By position only.
        case positional
        /// By position or keyword.
        case either
        case keyword
        /// `*args`: the slot holds a tuple.
        case rest
        /// `**kwargs`: the slot holds a dict.
        case keywordRest
    }

    enum Default: Sendable {
        case required
        /// The slot is undefined when the argument is absent.
        case absent
        case null
        case bool(Bool)
        case integer(Int)
    }

    let name: String
    let kind: Kind
    let `default`: Default
    /// Whether the machine first replaces a generator by a list of what it gives. For `*args`, each of them.
    let drains: Bool

    init(_ name: String, _ kind: Kind = .positional, default: Default = .required, drains: Bool = false) {
        self.name = name
        self.kind = kind
        self.default = `default`
        self.drains = drains
    }
}

/// What only the machine can do; tables of built-ins bind these to names.
enum MachineAction: UInt8, Sendable {
    /// `parallel(f, g, ...)`: a list of their results, run side by side.
    case parallel
    /// `parallel_map(f, xs, limit=n)`: a list of `f(x)`, at most n at a time.
    case parallelMap
    /// A pipeline's stage that is a list: every function with the same arguments, side by side.
    case fanOut
    /// `generator.send(value)`
    case generatorSend
    /// `generator.throw(exception)`
    case generatorThrow
    /// `generator.close()`
    case generatorClose
    /// `next(iterator, fallback)`, for the prelude: the next item, or at the end the fallback.
    case next
}

/// One call of a built-in, as its body sees it.
///
/// The arguments are borrowed: they live during the call, and what is stored or returned must be retained.
struct NativeCall {
    let heap: Heap
    /// One value for each parameter; undefined for an absent one without a default.
    let arguments: UnsafeMutablePointer<Value>
    let native: UnsafePointer<LinkedNative>

    /// The argument of the parameter with this number.
    @inline(__always) subscript(index: Int) -> Value { arguments[index] }

    @inline(__always) func charge(_ ticks: Int) throws(DanaError) { try heap.charge(ticks) }
    @inline(__always) func charge(visiting count: Int) throws(DanaError) { try heap.charge(count >> 6) }
    func reserve(_ bytes: Int) throws(DanaError) { try heap.reserve(bytes) }

    /// The one form of argument errors: `len() expects a list, dict, str, ... at argument 'obj', got int`.
    func expects(_ what: String, at index: Int) -> DanaError {
        if arguments[index].isObject(.hostHandle) { return .handle }
        let function = native.pointee.function
        let name = function.parameters.indices.contains(index) ? function.parameters[index].name : "\(index + 1)"
        return heap.typeError(
            "\(function.shownName)() expects \(what) at argument '\(name)', got \(arguments[index].typeName)")
    }
}
