import DanaLanguage
import DanaModels

/// Why a model gave no answer, as the exception that a program sees keeps it for its host.
public final class ModelFault: HostObject {
    public let error: ModelError

    init(_ error: ModelError) { self.error = error }

    public var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    public let typeName = "llm_error"
    public let isFunction = false

    public func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        core.fail(call, .typeError, "an error of an llm is for the host")
    }
}
