import DanaData

extension ToolChoice {
    /// Adds the choice as OpenAI's protocols say it; they differ in where the name of a tool stands, which `name` adds.
    func append(to json: inout TapeBuilder, naming name: (inout TapeBuilder, String) -> Void) {
        switch self {
        case .automatic: break
        case .none: json.field("tool_choice", "none")
        case .required: json.field("tool_choice", "required")
        case .named(let tool):
            json.object("tool_choice") { json in
                json.field("type", "function")
                name(&json, tool)
            }
        }
    }
}
