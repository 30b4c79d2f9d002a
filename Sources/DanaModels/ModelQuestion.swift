import DanaData

/// A question as a program asks it: a prompt or a conversation, its options, and what form the answer must have.
public struct ModelQuestion: Sendable {
    public var messages: [ChatMessage]
    public var options: ModelOptions
    public var schema: ReplySchema?
    public var tools: [ToolDefinition] = []
    /// How many rows the data has where the options hold only the first of them.
    public var dataTotal: Int?
    /// What is true of all rows.
    public var dataSummary: String?
    /// What every text of the request passes on its way to the model, such as what takes secrets out.
    public var filter: @Sendable (String) -> String = { $0 }

    public init(_ prompt: String, options: ModelOptions = ModelOptions(), schema: ReplySchema? = nil) {
        self.init(messages: [.user(prompt)], options: options, schema: schema)
    }

    public init(messages: [ChatMessage], options: ModelOptions = ModelOptions(), schema: ReplySchema? = nil) {
        self.messages = messages
        self.options = options
        self.schema = schema
    }

    /// The request to a model, and what the asker should know of it.
    public func request() -> (request: ModelRequest, notes: [String]) {
        var request = ModelRequest(messages)
        var notes: [String] = []
        if let data = options.data {
            let shown = PromptData(data.root, total: dataTotal, summary: dataSummary, limit: options.maxData)
            if let last = request.messages.lastIndex(where: { $0.role == .user }) {
                request.messages[last].text += "\n\n\(shown.text)"
            } else {
                request.messages.append(.user(shown.text))
            }
            if let note = shown.note { notes.append(note) }
        }
        request.schema = schema ?? options.schema
        request.tools = tools
        options.apply(to: &request)
        return (request.filtered(filter), notes)
    }

    /// The last message of the user's as the model gets it, with the data behind it.
    public var told: String { request().request.messages.last { $0.role == .user }?.text ?? "" }

    /// How many questions `batches` makes of it.
    public var batchCount: Int {
        guard let size = options.batchSize, size > 0, let rows = options.data?.root.array?.count else { return 1 }
        return rows / size + (rows % size == 0 ? 0 : 1)
    }

    /// The same question for each batch of rows, none where there are no rows; itself alone when there are no batches.
    public func batches() -> [ModelQuestion] {
        guard let size = options.batchSize, let items = options.data?.root.array else {
            var whole = self
            whole.options.batchSize = nil
            return [whole]
        }
        var batches: [ModelQuestion] = []
        var rows: [TapeValue] = []
        func close() {
            var question = self
            var builder = TapeBuilder()
            builder.beginList()
            for row in rows { builder.append(row) }
            builder.end()
            question.options.data = builder.finish()
            question.options.batchSize = nil
            (question.dataTotal, question.dataSummary) = (nil, nil)
            batches.append(question)
            rows = []
        }
        for item in items {
            rows.append(item)
            if rows.count == size { close() }
        }
        if !rows.isEmpty { close() }
        return batches
    }
}

extension ModelQuestion {
    /// From plain data: `prompt` or `messages`, and `options`, `schema`, `tools`, `data_total`, `data_summary`. `typeName`
    /// is what errors call the type of an option's value.
    public init(
        _ question: TapeValue, typeName: @escaping (TapeValue) -> String = \.typeName
    ) throws(OptionFault) {
        let reader = OptionReader(question)
        if let prompt = try reader.text("prompt") {
            messages = [.user(prompt)]
        } else {
            messages = try ChatMessage.list(reader["messages"])
        }
        options =
            if let given = reader["options"] { try ModelOptions(given, typeName: typeName) } else { ModelOptions() }
        schema = try reader["schema"].map { given throws(OptionFault) in try ReplySchema(checking: given) }
        dataTotal = try reader.count("data_total", from: 0, to: .max)
        dataSummary = try reader.text("data_summary")
        for tool in reader["tools"]?.array.map(Array.init) ?? [] {
            let fields = OptionReader(tool)
            guard let name = try fields.text("name"), let parameters = fields["parameters"] else {
                throw OptionFault(.type, "a tool needs a name and parameters")
            }
            tools.append(
                ToolDefinition(
                    name: name, description: try fields.text("description") ?? "", parameters: Tape(parameters)))
        }
    }
}

extension ChatMessage {
    /// From a list of dicts with `role` and `content`.
    public static func list(_ messages: TapeValue?) throws(OptionFault) -> [ChatMessage] {
        guard let items = messages?.array, items.count > 0 else {
            throw OptionFault(.type, "Expected a list of at least one message with 'role' and 'content'")
        }
        var list: [ChatMessage] = []
        for item in items { list.append(try ChatMessage(item)) }
        return list
    }

    private init(_ message: TapeValue) throws(OptionFault) {
        let fields = OptionReader(message)
        guard message.pairs != nil, let word = try fields.text("role") else {
            let found = message.json.shortened(toBytes: 500)
            throw OptionFault(.type, "a message is a dict with 'role' and 'content', got \(found)")
        }
        try fields.allow(["role", "content", "tool_calls", "tool_call_id"], in: "a message")
        guard let role = Role(rawValue: word) else {
            throw OptionFault(.value, "a message's role is system, user, assistant or tool, got '\(word)'")
        }
        self.init(role, try fields.text("content") ?? "")
        toolCallID = try fields.text("tool_call_id")
        for call in try fields.list("tool_calls") { toolCalls.append(try Self.call(call)) }
    }

    /// A call with its `name` and `arguments` as its own fields, or as those of its `function`, as OpenAI has it.
    private static func call(_ call: TapeValue) throws(OptionFault) -> ToolCall {
        let fields = OptionReader(call)
        try fields.allow(["id", "type", "index", "function", "name", "arguments"], in: "a tool call")
        var parts = fields
        if let function = fields["function"] {
            parts = OptionReader(function)
            try parts.allow(["name", "arguments"], in: "a tool call's function")
        }
        guard let name = try parts.text("name"), !name.isEmpty else {
            throw OptionFault(.type, "a tool call is a dict with 'id', 'name' and 'arguments', and has no 'name'")
        }
        return ToolCall(id: try fields.text("id") ?? "", name: name, arguments: try parts.text("arguments") ?? "{}")
    }
}
