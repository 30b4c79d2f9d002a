/// What a fiber asks of the host.
///
/// A host reads the arguments where they lie, until it answers the call or runs the interpreter again: an answer ends
/// their life, as does the cancellation of the fiber that made the call. What it wants to keep longer it makes its own
/// before. `Interpreter.pendingCalls` names the calls that still wait.
public struct HostCall: @unchecked Sendable {
    // Safe because the pointer is read only by whoever holds the interpreter, which belongs to one thread at a time.

    public typealias Identifier = Int

    public enum Request: Sendable, Equatable {
        /// A registered function: the number that `register` gave it, and its name.
        case function(index: Int, name: String)
        /// Something is done with what a handle stands for.
        case operation(handle: UInt64, HandleOperation)
        /// An import.
        case module(name: String, form: ImportForm, level: Int, importer: String)
    }

    /// Calls that were made later have greater identifiers.
    public let identifier: Identifier
    public let request: Request
    private let values: UnsafePointer<Value>?
    private let positionalCount: Int
    private let keywordCount: Int

    /// The values stand in a row: the positional ones, those of the keywords, and the keywords' names.
    init(
        identifier: Identifier, request: Request, values: UnsafePointer<Value>?, positionalCount: Int,
        keywordCount: Int
    ) {
        self.identifier = identifier
        self.request = request
        self.values = values
        self.positionalCount = positionalCount
        self.keywordCount = keywordCount
    }

    /// The arguments given by position.
    public var arguments: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: values, count: positionalCount) }

    /// The arguments given by keyword.
    public var keywords: HostKeywords {
        HostKeywords(
            values: UnsafeBufferPointer(start: values.map { $0 + positionalCount }, count: keywordCount),
            names: UnsafeBufferPointer(start: values.map { $0 + positionalCount + keywordCount }, count: keywordCount))
    }
}

/// The keyword arguments of a host call, in the order in which they were given.
public struct HostKeywords: RandomAccessCollection {
    let values: UnsafeBufferPointer<Value>
    let names: UnsafeBufferPointer<Value>

    public var startIndex: Int { 0 }
    public var endIndex: Int { values.count }

    public subscript(index: Int) -> (name: HostName, value: Value) {
        precondition(index >= 0 && index < values.count, "there are \(values.count) keyword arguments")
        return (HostName(names[index]), values[index])
    }
}

/// Which files an import may find.
public enum ImportForm: UInt8, Sendable {
    /// `import x`: Dana's is found first.
    case any
    /// `import x.na`
    case dana
    /// `import x.py`
    case python
}

/// The host's answer to a call.
enum HostAnswer {
    /// A value of the interpreter's heap; the answer hands its reference over.
    case value(Value)
    /// A list of the next items, at least one, for a loop; the answer hands its reference over.
    case items(Value)
    /// There is no next item.
    case end
    /// For an import: a module's code, to be run as a module of this name.
    case module(Code, name: String)
    /// The call failed; the fiber sees an exception that keeps the handle of the host's own error, if there is one. Of
    /// arguments, a tuple that the answer hands over, the message is what `str` gives for the exception, unless they are
    /// apart from it. Details, a dict that it hands over, are what the exception tells besides.
    case failure(
        ExceptionKind, message: String, arguments: Value? = nil, areApart: Bool = false, origin: UInt64? = nil,
        details: Value? = nil)
    /// The answer used up a limit: what is under way ends where the call stands.
    case limit(LimitKind)
}
