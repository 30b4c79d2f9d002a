import DanaLanguage

/// An error that a function written in Swift has thrown, as what a program's exception stems from.
final class SwiftError: HostObject {
    let error: any Error

    init(_ error: any Error) { self.error = error }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    var typeName: String { "\(type(of: error))" }
    var isFunction: Bool { false }

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        core.fail(call, .typeError, "an error of Swift's has no operations")
    }
}
