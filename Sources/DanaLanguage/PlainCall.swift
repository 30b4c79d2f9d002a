/// A program's only call, where that is one of a function or a handle with arguments by position: told without a copy of
/// its request. Good for as long as the call itself.
public struct PlainCall {
    public enum Callee {
        /// A registered function, by the number that `register` gave it.
        case function(Int)
        case handle(UInt64)
    }

    public let identifier: HostCall.Identifier
    public let callee: Callee
    public let arguments: UnsafeBufferPointer<Value>
}

extension Outcome {
    /// The call that the program waits for, where it is the only one and such a call.
    public var plainCall: PlainCall? {
        guard case .waiting(let calls) = self else { return nil }
        return calls.plainCall
    }
}

extension HostCalls {
    var plainCall: PlainCall? { isOne ? oldest?.plainCall : nil }
}

extension HostCall {
    var plainCall: PlainCall? {
        guard keywords.isEmpty else { return nil }
        switch request {
        case .function(let number, _):
            return PlainCall(identifier: identifier, callee: .function(number), arguments: arguments)
        case .operation(let handle, .call):
            return PlainCall(identifier: identifier, callee: .handle(handle), arguments: arguments)
        default: return nil
        }
    }
}
