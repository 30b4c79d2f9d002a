import DanaData

/// The form an answer must have.
public struct ReplySchema: Sendable, Hashable {
    /// A name of letters, digits, `_` and `-`; providers want one.
    public var name: String
    /// JSON Schema.
    public var schema: Tape
    /// Whether the answer is the one field of an object, because providers only take objects.
    public private(set) var isWrapped = false

    public init(name: String = "answer", schema: Tape) {
        self.name = name
        self.schema = schema
    }

    /// For an answer of any form: what is no object becomes the field `answer` of one.
    public init(answer schema: Tape) {
        self.init(schema: schema)
        guard schema.root.text("type") != "object" || schema.root["anyOf"] != nil else { return }
        isWrapped = true
        // Providers look for definitions at the top.
        let moved = MovedSchema(to: "#/properties/\(Self.field)", lifting: ["$defs", "definitions"])
        var builder = TapeBuilder()
        builder.object { json in
            json.field("type", "object")
            json.object("properties") { json in
                json.appendString(Self.field)
                moved.append(schema.root, to: &json)
            }
            json.list("required", of: [Self.field]) { $0.appendString($1) }
            json.field("additionalProperties", false)
            moved.appendLifted(of: schema.root, to: &json)
        }
        self.schema = builder.finish()
    }

    /// For an answer of a form that somebody wrote.
    init(checking schema: TapeValue) throws(OptionFault) {
        let answer = Tape(schema)
        if let fault = JSONSchema(answer).fault {
            throw OptionFault(.value, "option 'schema' is no JSON Schema \(fault)")
        }
        self.init(answer: answer)
    }

    static let field = "answer"

    /// The answer out of a reply that fits.
    func unwrapped(_ value: Tape) -> Tape {
        guard isWrapped, let answer = value.root[Self.field] else { return value }
        return Tape(answer)
    }

    /// The reply as its asker sees it: without the object that was put around the answer.
    func presented(_ structured: StructuredReply) -> ModelReply {
        var reply = structured.reply
        guard isWrapped else { return reply }
        let answer = structured.value.root
        reply.text = answer.string ?? (try? JSONWriter.string(answer)) ?? reply.text
        return reply
    }
}
