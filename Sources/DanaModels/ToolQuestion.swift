import DanaData

/// A request with tools as a model without tools can be asked it: in a form for the answer, which is either a call or an
/// answer, with an instruction, and with the earlier calls told in words.
struct ToolQuestion {
    /// What the model is asked; it has a schema and no tools.
    let request: ModelRequest
    private let isAnswerInForm: Bool
    private let callID: String

    /// `original` has at least one tool that may be called.
    init(_ original: ModelRequest) throws(WireFault) {
        var tools = original.tools
        if case .named(let name) = original.toolChoice { tools = tools.filter { $0.name == name } }
        guard !tools.isEmpty else {
            throw WireFault(.invalidRequest, "the tool that must be called is none of those that are offered")
        }
        let mayAnswer = original.toolChoice == .automatic
        var request = original
        request.tools = []
        request.toolChoice = .automatic
        request.schema = ReplySchema(
            name: "step", schema: Self.form(tools, answer: mayAnswer ? original.schema?.schema : nil, mayAnswer))
        request.system = [original.system, Self.instruction(tools, mayAnswer)].compactMap { $0 }
            .joined(separator: "\n\n")
        request.messages = Self.inWords(original.messages)
        self.request = request
        isAnswerInForm = original.schema != nil
        callID = "call-\(original.messages.reduce(0) { $0 + $1.toolCalls.count } + 1)"
    }

    /// What the model meant by an answer of the form.
    func reply(_ structured: StructuredReply) -> ModelReply {
        var reply = structured.reply
        let step = structured.value.root
        if let tool = step.text("tool") {
            let arguments = step["arguments"].flatMap { try? JSONWriter.string($0) } ?? "{}"
            reply.toolCalls = [ToolCall(id: callID, name: tool, arguments: arguments)]
            reply.text = ""
            reply.finishReason = .toolCalls
        } else if let answer = step["answer"] {
            let text = isAnswerInForm ? try? JSONWriter.string(answer) : answer.string
            reply.text = text ?? ""
        }
        return reply
    }

    /// What there is of an answer in words that the limit of tokens cut; nil for all else.
    func cutAnswer(_ reply: ModelReply) -> ModelReply? {
        guard !isAnswerInForm, reply.finishReason == .length else { return nil }
        if (try? JSONReader.read(reply.text)) != nil { return nil }
        // An escape may be cut too: it has six characters at most, twelve as a pair.
        for missing in 0..<min(12, reply.text.utf8.count) {
            guard let text = String(reply.text.utf8.dropLast(missing)),
                let answer = (try? JSONReader.read(text + "\"}"))?.root["answer"]?.string
            else { continue }
            var cut = reply
            cut.text = answer
            return cut
        }
        return nil
    }

    // MARK: What is asked

    private static func form(_ tools: [ToolDefinition], answer: Tape?, _ mayAnswer: Bool) -> Tape {
        var json = TapeBuilder()
        json.object { json in
            json.appendString("anyOf")
            json.beginList()
            for (position, tool) in tools.enumerated() {
                variant(&json, "tool", "arguments") { json in
                    json.object("tool") { $0.field("const", tool.name) }
                    json.appendString("arguments")
                    let place = "#/anyOf/\(position)/properties/arguments"
                    MovedSchema(to: place).append(tool.parameters.root, to: &json)
                }
            }
            if mayAnswer {
                variant(&json, "answer") { json in
                    json.appendString("answer")
                    if let answer {
                        let place = "#/anyOf/\(tools.count)/properties/answer"
                        MovedSchema(to: place).append(answer.root, to: &json)
                    } else {
                        json.object { $0.field("type", "string") }
                    }
                }
            }
            json.end()
        }
        return json.finish()
    }

    /// An object that has exactly these fields.
    private static func variant(
        _ json: inout TapeBuilder, _ fields: String..., properties: (inout TapeBuilder) -> Void
    ) {
        json.object { json in
            json.field("type", "object")
            json.object("properties", properties)
            json.list("required", of: fields) { $0.appendString($1) }
            json.field("additionalProperties", false)
        }
    }

    private static func instruction(_ tools: [ToolDefinition], _ mayAnswer: Bool) -> String {
        let lines = tools.map { tool in
            let parameters = (try? JSONWriter.string(tool.parameters.root)) ?? "{}"
            return "- \(tool.name): \(tool.description) Its arguments have this JSON Schema: \(parameters)"
        }
        let answering = mayAnswer ? "\nTo answer the user, write {\"answer\": ...}." : ""
        return """
            Answer with JSON only. To use a tool, write {"tool": its name, "arguments": {...}}.\(answering)
            The tools:
            \(lines.joined(separator: "\n"))
            """
    }

    /// The messages without calls: those and their answers as what was said.
    static func inWords(_ messages: [ChatMessage]) -> [ChatMessage] {
        var names: [String: String] = [:]
        return messages.flatMap { message -> [ChatMessage] in
            if let id = message.toolCallID {
                return [.user("The tool \(names[id] ?? "that was called") answered: \(message.text)")]
            }
            guard !message.toolCalls.isEmpty else { return [message] }
            for call in message.toolCalls { names[call.id] = call.name }
            let said = message.text.isEmpty ? [] : [ChatMessage.assistant(message.text)]
            return said + message.toolCalls.map { .assistant(inWords($0)) }
        }
    }

    /// The messages without calls, and what the tools answered behind the question, to be said in words.
    static func inFacts(_ messages: [ChatMessage]) -> [ChatMessage] {
        var names: [String: String] = [:]
        for call in messages.flatMap(\.toolCalls) { names[call.id] = call.name }
        let facts = messages.compactMap { message in
            message.toolCallID.map { "The answer of \(names[$0] ?? "the tool"): \(message.text)" }
        }
        var kept = messages.filter { $0.toolCallID == nil && $0.toolCalls.isEmpty }
        let known = facts.joined(separator: "\n") + "\n\nSay it in one sentence."
        if let last = kept.lastIndex(where: { $0.role == .user }) {
            kept[last].text += "\n\n\(known)"
        } else {
            kept.append(.user(known))
        }
        return kept
    }

    private static func inWords(_ call: ToolCall) -> String {
        var json = TapeBuilder()
        json.object { json in
            json.field("tool", call.name)
            json.appendString("arguments")
            if let arguments = try? JSONReader.read(call.arguments) {
                json.append(arguments.root)
            } else {
                json.appendString(call.arguments)
            }
        }
        return (try? JSONWriter.string(json.finish().root)) ?? "{}"
    }
}
