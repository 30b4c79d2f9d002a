import DanaData
import DanaLanguage
import DanaModels

/// The type that a program wants an answer to be of, or each of several answers, and how a model is told.
final class AnswerForm: Sendable {
    let schema: ReplySchema
    private let type: ValueReference
    /// Whether a question is asked in batches, so that there is a list of answers to it.
    private let inBatches: Bool

    /// Nil for a type of which every text is; with the lock held.
    init?(_ type: Value, inBatches: Bool, _ core: ContextCore, _ interpreter: Interpreter) throws {
        let schema = try interpreter.jsonSchema(ofType: type)
        guard let pairs = schema.root.pairs, pairs.count > 0 else { return nil }
        if pairs.count == 1, schema.root["type"]?.string == "string" { return nil }
        self.schema = ReplySchema(answer: schema)
        self.inBatches = inBatches
        interpreter.retain(type)
        self.type = ValueReference(owning: type, in: core)
    }

    /// Of the type that the program declares for what the call gives, if it declares one: where that is a list of
    /// answers, or a list of lists of them, the type of each.
    convenience init?(
        expectedBy call: HostCall, _ function: String, isOfSeveral: Bool, inBatches: Bool, _ core: ContextCore,
        _ interpreter: Interpreter
    ) throws {
        guard let declared = interpreter.expectedType(of: call) else { return nil }
        interpreter.retain(declared)
        var type = declared
        defer { interpreter.release(type) }
        for _ in 0..<((isOfSeveral ? 1 : 0) + (inBatches ? 1 : 0)) {
            guard let item = try interpreter.itemType(ofList: type) else {
                throw StandardArguments.fault(
                    .typeError,
                    "\(function)() gives a list of answers, and '\(interpreter.name(ofType: declared))' is declared for "
                        + "its value")
            }
            interpreter.release(type)
            type = item
        }
        try self.init(type, inBatches: inBatches, core, interpreter)
    }

    /// The answer as a value of the type, those of batches as a list of such; with the lock held.
    func value(_ answer: Tape, _ interpreter: Interpreter) throws -> Value {
        guard inBatches, let answers = answer.root.array else {
            return try interpreter.value(of: answer.root, ofType: type.value)
        }
        let list = try interpreter.list(capacity: answers.count)
        do {
            for answer in answers {
                try interpreter.append(try interpreter.value(of: answer, ofType: type.value), to: list)
            }
            return list
        } catch {
            interpreter.release(list)
            throw error
        }
    }
}
