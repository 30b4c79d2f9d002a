import DanaData

extension ModelRequest {
    /// The same request with every text changed by `filter`: what is said, and what stands in the forms of answers and
    /// tools, in calls, in stop texts and in fields of the provider's own. Only names of tools, which are called by
    /// them, stay.
    func filtered(_ filter: (String) -> String) -> ModelRequest {
        var request = self
        request.system = system.map(filter)
        request.messages = messages.map { message in
            var message = message
            message.text = filter(message.text)
            for index in message.toolCalls.indices {
                message.toolCalls[index].arguments = filter(message.toolCalls[index].arguments)
            }
            return message
        }
        request.tools = tools.map { tool in
            ToolDefinition(
                name: tool.name, description: filter(tool.description), parameters: tool.parameters.mappingTexts(filter)
            )
        }
        if let schema { request.schema?.schema = schema.schema.mappingTexts(filter) }
        request.stop = stop.map(filter)
        request.extras = extras.map { Extra(name: filter($0.name), value: $0.value.mappingTexts(filter)) }
        return request
    }
}

extension Tape {
    /// The same value with every text in it changed, the keys of dicts too.
    func mappingTexts(_ change: (String) -> String) -> Tape {
        var builder = TapeBuilder()
        var cursor = root.cursor()
        /// How many values are left in each open container.
        var open: [Int] = []
        while !cursor.isAtEnd {
            if let last = open.indices.last { open[last] -= 1 }
            switch cursor.kind {
            case .dict:
                builder.beginDict()
                open.append(cursor.enter() * 2)
            case .list:
                builder.beginList()
                open.append(cursor.enter())
            case .tuple:
                builder.beginTuple()
                open.append(cursor.enter())
            case .string, .surrogateString:
                builder.appendString(change(cursor.value.text ?? ""))
                cursor.skip()
            default:
                builder.append(cursor.value)
                cursor.skip()
            }
            while open.last == 0 {
                open.removeLast()
                builder.end()
            }
        }
        return builder.finish()
    }
}
