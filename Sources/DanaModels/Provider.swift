/// A provider by its word: where its models are, what protocol they speak, and which variable holds the key.
struct Provider: Sendable {
    let word: String
    /// Nil where the address must be given.
    let baseURL: String?
    let dialect: ModelEndpoint.Dialect
    /// The environment variable of the key; nil where a server of one's own wants none.
    let keyVariable: String?
    /// The environment variable that may name another address.
    let addressVariable: String?

    private init(
        _ word: String, _ baseURL: String?, _ dialect: ModelEndpoint.Dialect = .chat, key: String? = nil,
        address: String? = nil
    ) {
        self.word = word
        self.baseURL = baseURL
        self.dialect = dialect
        keyVariable = key
        addressVariable = address
    }

    static let all = [
        Provider("openai", "https://api.openai.com/v1", key: "OPENAI_API_KEY", address: "OPENAI_BASE_URL"),
        Provider(
            "openai-responses", "https://api.openai.com/v1", .responses, key: "OPENAI_API_KEY",
            address: "OPENAI_BASE_URL"),
        Provider("anthropic", "https://api.anthropic.com/v1", .messages, key: "ANTHROPIC_API_KEY"),
        Provider("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", key: "GEMINI_API_KEY"),
        Provider("mistral", "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY"),
        Provider("groq", "https://api.groq.com/openai/v1", key: "GROQ_API_KEY"),
        Provider("deepseek", "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY"),
        Provider("xai", "https://api.x.ai/v1", key: "XAI_API_KEY"),
        Provider("openrouter", "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY"),
        Provider("ollama", "http://localhost:11434/v1"),
        Provider("lmstudio", "http://localhost:1234/v1"),
        Provider("vllm", "http://localhost:8000/v1"),
        Provider("llamacpp", "http://localhost:8080/v1"),
        Provider("ray", "http://localhost:8000/v1"),
        Provider("compatible", nil),
    ]

    static func named(_ word: String) -> Provider? { all.first { $0.word == word } }
}
