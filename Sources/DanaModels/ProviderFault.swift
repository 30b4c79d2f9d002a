import DanaData

/// What a provider says about a failure: in the body of an answer, or in the midst of a stream.
struct ProviderFault {
    let message: String
    /// The provider's words for the kind of failure.
    private let kinds: [String]
    /// A status that stands in the body.
    private let status: Int?

    /// Nil when an answer tells of no failure. Understands the forms of OpenAI and those who follow it, Anthropic,
    /// Google, llama.cpp, vLLM and Ollama.
    init?(_ answer: TapeValue) {
        let answer = answer[0] ?? answer
        guard let fault = answer["error"] ?? (answer.text("object") == "error" ? answer : nil), !fault.isNull else {
            return nil
        }
        self.init(fault: fault)
    }

    /// What the body of an answer says that is a failure by its status; nil when that is nothing.
    init?(refusal answer: TapeValue) {
        if let fault = ProviderFault(answer) {
            self = fault
        } else if Self.words(answer) != nil {
            self.init(fault: answer)
        } else {
            return nil
        }
    }

    /// From the object or the text that describes a failure.
    init(fault: TapeValue) {
        message = Self.words(fault) ?? "the provider names no reason"
        // Google's statuses are general, and its reasons say what it is.
        kinds =
            ["type", "code", "status"].compactMap { fault.text($0) }
            + (fault["details"]?.items.compactMap { $0.text("reason") } ?? [])
        status = ["code", "status"].lazy.compactMap { fault[$0]?.counted ?? fault.text($0).flatMap { Int($0) } }.first {
            (400..<600).contains($0)
        }
    }

    /// What is said in words, wherever it stands.
    private static func words(_ value: TapeValue, depth: Int = 0) -> String? {
        if let text = value.text { return text.isEmpty ? nil : text }
        guard depth < 5 else { return nil }
        if let items = value.array {
            let all = items.compactMap { words($0, depth: depth + 1) }
            return all.isEmpty ? nil : all.joined(separator: "; ")
        }
        let places = ["message", "detail", "msg", "error"].lazy
        let said = places.compactMap { value[$0].flatMap { words($0, depth: depth + 1) } }.first
        guard let said, let place = place(value) else { return said }
        return "\(place): \(said)"
    }

    /// Which field of the request is meant, such as `body.messages.0.content`, as FastAPI tells it.
    private static func place(_ value: TapeValue) -> String? {
        let steps = value["loc"]?.items.compactMap { $0.text ?? $0.counted.map(String.init) } ?? []
        return steps.isEmpty ? nil : steps.joined(separator: ".")
    }

    private static let codes: [(words: [String], code: ModelError.Code)] = [
        (["context_length_exceeded", "exceed_context_size_error", "request_too_large"], .contextTooLong),
        (["insufficient_quota", "billing_error", "billing_hard_limit_reached"], .quotaExceeded),
        (["rate_limit_error", "rate_limit_exceeded", "requests", "tokens"], .rateLimited),
        (["overloaded_error", "server_overloaded", "slow_down", "unavailable_error"], .overloaded),
        (["authentication_error", "invalid_api_key", "API_KEY_INVALID"], .authentication),
        (["permission_error"], .permission),
        (["not_found_error", "model_not_found"], .notFound),
        (["content_filter", "content_policy_violation"], .contentFiltered),
        (["timeout_error"], .timedOut),
        (["invalid_request_error", "BadRequestError"], .invalidRequest),
        (["api_error", "server_error", "internal_error"], .serverFailed),
    ]

    /// What the provider's words mean; nil when they are not known.
    var code: ModelError.Code? {
        let lengthWords = ["context length", "context window", "prompt is too long", "maximum context"]
        let named = ProviderFault.codes.first { !$0.words.filter(kinds.contains).isEmpty }?.code
        if named == nil || named == .invalidRequest, lengthWords.contains(where: message.lowercased().contains) {
            return .contextTooLong
        }
        return named ?? status.map { Self.meaning(ofStatus: $0).code }
    }

    private static let quotaAdvice = "the account has nothing left: check its plan and its billing"
    private static let keyAdvice = "the key is missing or not accepted: check it"

    /// What a failure of this status is, which may be told by words, too, and what to do about it. That a request is not
    /// valid, or that something failed, is the least that words can say: a status says more.
    static func meaning(ofStatus status: Int, _ fault: ProviderFault?) -> (code: ModelError.Code, advice: String) {
        let (code, advice) = meaning(ofStatus: status)
        switch fault?.code {
        case nil, .invalidRequest, .serverFailed: return (code, advice)
        case .quotaExceeded: return (.quotaExceeded, quotaAdvice)
        case .authentication: return (.authentication, keyAdvice)
        case let named?: return (named, advice)
        }
    }

    /// What a status means by itself, and what to do about it.
    static func meaning(ofStatus status: Int) -> (code: ModelError.Code, advice: String) {
        switch status {
        case 300..<400: (.configuration, "the server redirects, which is not followed: correct the base address")
        case 401: (.authentication, keyAdvice)
        case 402: (.quotaExceeded, quotaAdvice)
        case 403: (.permission, "the key does not permit this")
        case 404: (.notFound, "no such model or address: check the model's name and the base address")
        case 408, 504: (.timedOut, "the provider took too long")
        case 409, 425: (.overloaded, "the provider is busy with another request: try later")
        case 413: (.contextTooLong, "the request is too large: shorten it")
        case 429: (.rateLimited, "too many requests: wait, or lower the rate")
        case 503, 529: (.overloaded, "the provider is overloaded: try later, or another one")
        case 500...: (.serverFailed, "the provider failed: try later, or another one")
        default: (.invalidRequest, "the provider does not accept the request")
        }
    }
}
