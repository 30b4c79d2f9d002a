import DanaData
import DanaLanguage
import DanaModels

/// The type that a program wants an answer to be of, and how a model is told.
final class AnswerForm: Sendable {
    let schema: ReplySchema
    private let type: ValueReference

    /// With the lock held.
    init(_ type: Value, _ core: ContextCore, _ interpreter: Interpreter) throws {
        schema = ReplySchema(answer: try interpreter.jsonSchema(ofType: type))
        interpreter.retain(type)
        self.type = ValueReference(owning: type, in: core)
    }

    /// The type that the program declares for what the call gives, if it declares one that is more than text.
    convenience init?(expectedBy call: HostCall, _ core: ContextCore, _ interpreter: Interpreter) throws {
        guard let type = interpreter.expectedType(of: call), !interpreter.isText(type) else { return nil }
        try self.init(type, core, interpreter)
    }

    /// The answer as a value of the type; with the lock held.
    func value(_ answer: Tape, _ interpreter: Interpreter) throws -> Value {
        try interpreter.value(of: answer.root, ofType: type.value)
    }
}
