import DanaData

/// A call with tools on its way from step to step: what the model is asked next, which tools are to be called, and when
/// it is over. A plain value: whoever drives it asks the model and calls the tools.
///
///     var conversation = ToolConversation(request)
///     while true {
///         switch try conversation.received(try await model.complete(conversation.request)) {
///         case .finished(let reply): return reply
///         case .call(let calls): conversation.answered(await results(of: calls))
///         }
///     }
///
/// A call that cannot be made is answered to the model with what is wrong with it, and nothing is called.
public struct ToolConversation: Sendable {
    public enum Next: Sendable, Hashable {
        /// The model's last answer; its usage is that of all steps.
        case finished(ModelReply)
        /// What is to be called and then told by `answered`; nothing when every call was answered already.
        case call([ToolCall])
    }

    /// How long an answer to the model about a faulty call may be.
    private static let longestFault = 2000

    /// What the model is to be asked next.
    public private(set) var request: ModelRequest
    /// What the steps took so far.
    public private(set) var usage = TokenUsage()
    /// How often the model may call tools before it answers.
    public let steps: Int
    /// How many calls one answer may ask for.
    public let callsAtOnce: Int
    private var stepsTaken = 0
    /// The calls of the last answer, and what they were answered with already.
    private var open: [(call: ToolCall, answer: String?)] = []

    public init(_ request: ModelRequest, steps: Int = 8, callsAtOnce: Int = 64) {
        self.request = request
        self.steps = max(1, steps)
        self.callsAtOnce = max(1, callsAtOnce)
    }

    /// The model has answered the request.
    public mutating func received(_ reply: ModelReply) throws(ModelError) -> Next {
        usage += reply.usage
        guard !reply.toolCalls.isEmpty else {
            var reply = reply
            reply.usage = usage
            return .finished(reply)
        }
        guard stepsTaken < steps else {
            var error = ModelError(
                .toolLimitReached,
                "the model still asks for tools (\(names(reply.toolCalls))) after \(steps) "
                    + "\(steps == 1 ? "step" : "steps"): raise 'max_steps', or say in the request when it is to answer",
                model: reply.model)
            error.body = reply.text.isEmpty ? nil : Redaction()(reply.text)
            throw error
        }
        stepsTaken += 1
        let calls = Self.distinct(reply.toolCalls)
        var said = ChatMessage.assistant(reply.text, toolCalls: calls)
        said.thoughts = reply.thoughts
        request.messages.append(said)
        // Otherwise the model would have to call for ever.
        request.toolChoice = .automatic
        open = calls.enumerated().map { position, call in
            (call, position < callsAtOnce ? fault(in: call) : "error: more than \(callsAtOnce) calls at once")
        }
        let due = open.filter { $0.answer == nil }.map(\.call)
        if due.isEmpty { answered([]) }
        return .call(due)
    }

    /// What the tools answered to the calls of `received`, in any order.
    public mutating func answered(_ answers: [(ToolCall, String)]) {
        let told = Dictionary(answers.map { ($0.id, $1) }) { first, _ in first }
        for (call, answer) in open {
            request.messages.append(
                .toolResult(answer ?? told[call.id] ?? "error: the tool gave no answer", for: call))
        }
        open = []
    }

    /// Why this call cannot be made; nil when it can.
    private func fault(in call: ToolCall) -> String? {
        guard let tool = request.tools.first(where: { $0.name == call.name }) else {
            let known = request.tools.map(\.name).joined(separator: ", ")
            return "error: there is no tool \"\(call.name)\"; there are: \(known)".shortened(toBytes: Self.longestFault)
        }
        let arguments: Tape
        do {
            arguments = try JSONReader.read(call.arguments)
        } catch {
            return "error: the arguments of \(tool.name) are not JSON: \(error)".shortened(toBytes: Self.longestFault)
        }
        let faults = JSONSchema(tool.parameters).faults(in: arguments.root)
        guard !faults.isEmpty else { return nil }
        let words = faults.map(\.description).joined(separator: "; ")
        return "error: the arguments of \(tool.name) do not fit: \(words)".shortened(toBytes: Self.longestFault)
    }

    /// The calls with a name of its own for each, since answers are told by it, and with arguments where a model left
    /// them out.
    private static func distinct(_ calls: [ToolCall]) -> [ToolCall] {
        var taken = Set(calls.map(\.id))
        var seen: Set<String> = [""]
        return calls.enumerated().map { position, call in
            var call = call
            if call.arguments.allSatisfy(\.isWhitespace) { call.arguments = "{}" }
            if !seen.insert(call.id).inserted {
                var number = position + 1
                while !taken.insert("call-\(number)").inserted { number += 1 }
                call.id = "call-\(number)"
            }
            return call
        }
    }

    private func names(_ calls: [ToolCall]) -> String {
        Set(calls.map(\.name)).sorted().joined(separator: ", ").shortened(toBytes: Self.longestFault)
    }
}
