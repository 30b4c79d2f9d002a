/// In what manner a model is to answer, as an instruction to it.
public enum AnswerMode: String, Sendable, Hashable, CaseIterable {
    case brief
    case detailed
    case steps
    case bullets
    case precise
    case creative

    var instruction: String {
        switch self {
        case .brief: "Answer in one or two short sentences."
        case .detailed: "Answer in detail, with reasons."
        case .steps: "Think step by step, then give the answer on a line of its own."
        case .bullets: "Answer as a short list of bullet points."
        case .precise: "Answer with the facts that were asked for and nothing else."
        case .creative: "Answer freely and with imagination."
        }
    }

    /// What suits the manner when the call does not say.
    var temperature: Double? {
        switch self {
        case .precise: 0
        case .creative: 1
        default: nil
        }
    }
}
