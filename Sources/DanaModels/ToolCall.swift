import DanaData

/// A model's wish to have a tool called.
public struct ToolCall: Sendable, Hashable {
    public var id: String
    public var name: String
    /// The arguments as the model wrote them: JSON, if it kept to the rules.
    public var arguments: String
    /// What the provider wants back with the call, in its own form.
    public var thoughts: [Tape] = []

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

extension ToolCall {
    /// What the tools answer to calls, all called at the same time; the first failure cancels the others.
    static func answers(
        to calls: [ToolCall], _ calling: @escaping @Sendable (ToolCall) async throws(ModelError) -> String
    ) async throws(ModelError) -> [(ToolCall, String)] {
        typealias Outcome = (ToolCall, Result<String, ModelError>)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for call in calls {
                group.addTask {
                    do throws(ModelError) {
                        return (call, .success(try await calling(call)))
                    } catch {
                        return (call, .failure(error))
                    }
                }
            }
            var outcomes: [Outcome] = []
            for await outcome in group {
                if case .failure = outcome.1 { group.cancelAll() }
                outcomes.append(outcome)
            }
            return outcomes
        }
        var answers: [(ToolCall, String)] = []
        for (call, outcome) in outcomes { answers.append((call, try outcome.get())) }
        return answers
    }
}
