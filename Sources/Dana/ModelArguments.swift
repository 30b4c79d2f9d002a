import DanaData
import DanaLanguage
import DanaModels

/// The arguments of a function that asks a model: what is asked, and the options, as a dict or by keyword. With the
/// lock held while it is made.
struct ModelArguments {
    /// The prompt or the messages.
    let subject: Tape
    /// What gives the prompts one by one, such as a generator; nil where they are plain data.
    let iterable: DanaValue?
    /// The options that are plain data.
    let options: Tape
    /// The data of the options where it is an object of the host's.
    let object: (any HostObject)?
    /// The form in which the program wants the answer.
    let form: AnswerForm?
    /// What the model may call.
    let tools: [ProgramTools.Found]
    /// Whether the answer is wanted as it arrives.
    let streams: Bool

    /// `parameter` is what errors call the first argument.
    init(_ call: HostCall, _ function: String, _ parameter: String, _ core: ContextCore, _ interpreter: Interpreter)
        throws
    {
        var reader = ArgumentReader(function, parameter, core, interpreter)
        guard call.arguments.count <= 2 else {
            throw StandardArguments.fault(
                .typeError,
                "\(function)() takes \(parameter) and options, but \(call.arguments.count) arguments were given")
        }
        if let first = call.arguments.first { reader.subject = first }
        if call.arguments.count == 2 { try reader.take(options: call.arguments[1]) }
        for (name, value) in call.keywords {
            switch name.text {
            case parameter where reader.subject == nil: reader.subject = value
            case "options": try reader.take(options: value)
            default: try reader.take(value, for: name.text)
            }
        }
        guard let subject = reader.subject else {
            throw StandardArguments.fault(.typeError, "\(function)() needs argument '\(parameter)'")
        }
        let isOfSeveral = parameter == "prompts"
        let isWalked = isOfSeveral && Self.isWalked(subject)
        iterable = isWalked ? try core.lookAt(subject, interpreter) : Optional.none
        self.subject = try PlainData(core: core, interpreter: interpreter).tape(isWalked ? Interpreter.null : subject)
        options = reader.finish()
        object = reader.object
        tools = reader.tools
        streams = reader.streams
        let inBatches = !(options.root["batch_size"]?.isNull ?? true)
        form =
            if let type = reader.returns {
                try AnswerForm(type, inBatches: inBatches, core, interpreter)
            } else {
                try AnswerForm(
                    expectedBy: call, function, isOfSeveral: isOfSeveral, inBatches: inBatches, core, interpreter)
            }
        let told = ["schema", "choices"].first { !(options.root[$0]?.isNull ?? true) }
        if form != nil, let told {
            let type = reader.returns == nil ? "a type that is declared for the answer" : "'returns'"
            throw StandardArguments.fault(.valueError, "\(function)(): give either '\(told)' or \(type), not both")
        }
    }

    /// Whether a value gives items that only the program knows.
    private static func isWalked(_ value: Value) -> Bool {
        switch value.view {
        case .iterator, .range, .dict, .handle: true
        default: false
        }
    }

    /// Gathers options.
    private struct ArgumentReader {
        private let function: String
        private let parameter: String
        private let core: ContextCore
        private let plain: PlainData
        private var values: [(name: String, value: Tape)] = []
        var subject: Value?
        var returns: Value?
        private(set) var object: (any HostObject)?
        private(set) var tools: [ProgramTools.Found] = []
        private(set) var streams = false

        init(_ function: String, _ parameter: String, _ core: ContextCore, _ interpreter: Interpreter) {
            self.function = function
            self.parameter = parameter
            self.core = core
            plain = PlainData(core: core, interpreter: interpreter)
        }

        mutating func take(options: Value) throws {
            switch options.view {
            case .null: break
            case .dict(let table):
                for place in 0..<table.places {
                    guard let entry = table.entry(place) else { continue }
                    guard case .string(let utf8, _) = entry.key.view else {
                        throw StandardArguments.fault(
                            .typeError,
                            "\(function)() expects strings as keys of 'options', got \(plain.interpreter.typeName(of: entry.key))"
                        )
                    }
                    try take(entry.value, for: String(decoding: utf8, as: UTF8.self))
                }
            default:
                throw StandardArguments.fault(
                    .typeError,
                    "\(function)() expects dict at argument 'options', got \(plain.interpreter.typeName(of: options))")
            }
        }

        mutating func take(_ value: Value, for name: String) throws {
            guard name != "returns" else {
                returns = value
                return
            }
            if name == "stream" {
                switch value.view {
                case .null: streams = false
                case .bool(let flag): streams = flag
                default:
                    throw StandardArguments.fault(
                        .typeError,
                        "\(function)(): Expected bool, got \(plain.interpreter.typeName(of: value)) at option 'stream'")
                }
                return
            }
            if name == "tools" {
                tools = try ProgramTools.find(value, core, plain.interpreter)
                return
            }
            if name == "data", case .handle(let number) = value.view, let held = core.object(number) {
                object = held
                return
            }
            values.append((name, try plain.tape(value)))
        }

        func finish() -> Tape {
            var builder = TapeBuilder()
            builder.beginDict()
            for (name, value) in values {
                builder.appendString(name)
                builder.append(value.root)
            }
            builder.end()
            return builder.finish()
        }
    }
}

extension ModelArguments {
    /// The question; without the lock, because an object of the host's is asked what it holds.
    func question(
        _ core: ContextCore, _ function: String, _ parameter: String, _ tools: ProgramTools
    ) throws(DanaFailure) -> ModelQuestion {
        let options = try parsedOptions(function)
        if let prompt = subject.root.string {
            return try finished(ModelQuestion(prompt, options: options), tools, core)
        }
        guard parameter == "messages", subject.root.array != nil else {
            throw wrongSubject(function, parameter, "string", subject.root.typeName)
        }
        let messages: [ChatMessage]
        do throws(OptionFault) {
            messages = try ChatMessage.list(subject.root)
        } catch {
            throw Self.failure(error, function)
        }
        return try finished(ModelQuestion(messages: messages, options: options), tools, core)
    }

    /// The same question for each of several prompts, which `iterable` gave if there is one.
    func questions(
        _ core: ContextCore, _ function: String, _ parameter: String, given: [DanaValue] = []
    ) throws(DanaFailure) -> [ModelQuestion] {
        let options = try parsedOptions(function)
        let tools = try ProgramTools(tools)
        var questions: [ModelQuestion] = []
        for prompt in try prompts(function, parameter, given) {
            questions.append(try finished(ModelQuestion(prompt, options: options), tools, core))
        }
        return questions
    }

    private func prompts(
        _ function: String, _ parameter: String, _ given: [DanaValue]
    ) throws(DanaFailure) -> [String] {
        let expected = "an iterable of strings"
        var prompts: [String] = []
        if iterable != nil {
            for item in given {
                guard case .string(let prompt) = item else {
                    throw wrongSubject(function, parameter, "\(expected), an item of it", item.typeName)
                }
                prompts.append(prompt)
            }
            return prompts
        }
        guard let items = subject.root.array else {
            throw wrongSubject(function, parameter, expected, subject.root.typeName)
        }
        for item in items {
            guard let prompt = item.string else {
                throw wrongSubject(function, parameter, "\(expected), an item of it", item.typeName)
            }
            prompts.append(prompt)
        }
        return prompts
    }

    private func finished(
        _ question: ModelQuestion, _ tools: ProgramTools, _ core: ContextCore
    ) throws(DanaFailure) -> ModelQuestion {
        var question = question
        question.schema = form?.schema
        question.tools = tools.definitions
        let limit = question.options.batchSize == nil ? question.options.maxData : nil
        if let held = try object?.plainData(limit: limit) {
            question.options.data = held.data
            (question.dataTotal, question.dataSummary) = (held.total, held.summary)
        }
        return core.withoutSecrets(question)
    }

    /// Refuses the option `stream` where the answer comes whole.
    func refuseToStream(_ function: String) throws(DanaFailure) {
        guard streams else { return }
        throw StandardArguments.fault(
            .valueError, "\(function)() gives whole answers: leave out 'stream', or call reason() or stream()")
    }

    private func parsedOptions(_ function: String) throws(DanaFailure) -> ModelOptions {
        do throws(OptionFault) {
            return try ModelOptions(options.root)
        } catch {
            throw Self.failure(error, function)
        }
    }

    private func wrongSubject(
        _ function: String, _ parameter: String, _ expected: String, _ given: String
    ) -> DanaFailure {
        StandardArguments.fault(
            .typeError, "\(function)() expects \(expected) at argument '\(parameter)', got \(given)")
    }

    private static func failure(_ fault: OptionFault, _ function: String) -> DanaFailure {
        StandardArguments.fault(fault.kind == .type ? .typeError : .valueError, "\(function)(): \(fault)")
    }
}
