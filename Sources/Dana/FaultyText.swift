import DanaLanguage

/// What is wrong with the text of a module, as what a program's exception stems from that has imported it.
final class FaultyText: HostObject {
    let findings: [TextFinding]

    init(_ findings: [TextFinding]) { self.findings = findings }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    var typeName: String { "SyntaxError" }
    var isFunction: Bool { false }

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        core.fail(call, .typeError, "a module's faults have no operations")
    }
}
