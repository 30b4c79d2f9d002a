/// The host calls that an interpreter waits for, oldest first. One call alone takes no memory of its own.
public struct HostCalls: RandomAccessCollection, Sendable {
    let oldest: HostCall?
    private let others: [HostCall]

    var isOne: Bool { oldest != nil && others.isEmpty }

    init(_ call: HostCall) {
        oldest = call
        others = []
    }

    init(_ calls: some Collection<HostCall>) {
        oldest = calls.first
        others = Array(calls.dropFirst())
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { oldest == nil ? 0 : others.count + 1 }

    public subscript(index: Int) -> HostCall {
        if index == 0, let oldest { return oldest }
        return others[index - 1]
    }
}
