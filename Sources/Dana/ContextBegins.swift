import DanaLanguage

/// What the host begins in a context: programs, calls, imports. The caller has the turn, or runs inside something that
/// has.
extension ContextCore {
    private func run(isInside: Bool, _ begin: (Interpreter) throws -> Int) throws(DanaFailure) -> ContextRun {
        let reach = reach(isInside: isInside)
        let entry = try whileWorking { () throws(DanaFailure) in
            try locked { interpreter in
                try refreshFunctions(interpreter)
                return try begin(interpreter)
            }
        }
        return ContextRun(core: self, entry: entry, reach: reach)
    }

    /// What a cancellation of something that begins stops.
    func reach(isInside: Bool) -> ContextRun.Reach {
        isInside ? .entry(EntryInterrupt()) : .turn(cancellation.nextTurn())
    }

    /// Begins a program.
    public func begin(
        _ program: Compiler.Program, module: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        try run(isInside: isInside) { interpreter in try interpreter.begin(program, module: module) }
    }

    /// Begins a call; what `arguments` makes is released when it is under way.
    public func begin(
        calling callee: Value, keywords: [String] = [], isInside: Bool = false,
        arguments: (Interpreter) throws -> [Value]
    ) throws(DanaFailure) -> ContextRun {
        try run(isInside: isInside) { interpreter in
            noteCall(of: callee, interpreter)
            let values = try arguments(interpreter)
            defer { for value in values { interpreter.release(value) } }
            return try values.withUnsafeBufferPointer {
                try interpreter.begin(calling: callee, $0, keywords: keywords)
            }
        }
    }

    /// Begins a text; what runs in a module keeps its variables there.
    public func begin(
        _ source: SourceText, module: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        try begin(try program(source), module: module, isInside: isInside)
    }

    /// A text compiled, once.
    public func program(_ source: SourceText) throws(DanaFailure) -> Compiler.Program {
        try checkSize(of: source)
        return try runtime.programs.program(source, limits: ParserLimits())
    }

    public func checkSize(of source: SourceText) throws(DanaFailure) {
        guard source.bytes.count <= settings.limits.sourceSize else {
            throw DanaFailure(
                .limit(.sourceSize), kind: "LimitExceeded",
                "\(source.name) has \(source.bytes.count) bytes; this context takes texts of up to "
                    + "\(settings.limits.sourceSize)", hint: settings.reason(for: .sourceSize))
        }
    }

    /// Begins the import of a module; its value is the module, or nothing where only the import is wanted.
    public func begin(
        importing name: String, gives: Bool = true, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        guard ContextCore.isModuleName(name) else {
            throw .usage("ModuleNotFoundError", "'\(name)' is no module's name")
        }
        if let module = plainModule(name) {
            return try run(isInside: isInside) { interpreter in
                noteLater(.imported, name)
                return try interpreter.begin(importing: module, module: name, gives: gives)
            }
        }
        // A module that is there, one of Python's, and what fails: a program's import knows what to do.
        let text = "import \(name) as module\n\(gives ? "module" : "null")"
        return try begin(SourceText(text, name: "<import>"), module: "<import>", isInside: isInside)
    }

    private static func isModuleName(_ name: String) -> Bool {
        var isPartEmpty = true
        for scalar in name.unicodeScalars {
            switch scalar {
            case ".":
                if isPartEmpty { return false }
                isPartEmpty = true
            case "a"..."z", "A"..."Z", "0"..."9", "_": isPartEmpty = false
            default:
                // Whether a character of any other script is a letter takes long to tell.
                guard scalar.properties.isXIDContinue else { return false }
                isPartEmpty = false
            }
        }
        return !isPartEmpty
    }

    /// Begins to run a file as a module that imports find under its name; its own imports look in its folder, too.
    public func begin(
        loading name: String, file: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        let source: SourceText
        do throws(FileFailure) {
            source = SourceText(
                bytes: try OpenFile.named(file, limit: settings.limits.sourceSize), name: file)
        } catch {
            throw .usage("FileNotFoundError", error.message)
        }
        let program = try program(source)
        addFolder(of: file, isPackage: file.hasSuffix("/__init__.na") ? name : nil)
        runtime.audit.note(.imported, context: number, name, file)
        return try run(isInside: isInside) { interpreter in
            try interpreter.begin(importing: program, module: name, gives: false)
        }
    }

    /// Goes on with what was under way when the context was saved: its host calls are made again.
    public func beginResumed(isInside: Bool = false) throws(DanaFailure) -> ContextRun {
        try run(isInside: isInside) { interpreter in
            guard let entry = interpreter.openEntry else {
                throw DanaFailure.usage(
                    "ValueError", "nothing was under way when this context was saved: call it, or run a program")
            }
            return entry
        }
    }

    /// Begins to ask an iterator for its next item; its end is a StopIteration.
    public func begin(nextOf iterator: Value, isInside: Bool = false) throws(DanaFailure) -> ContextRun {
        try run(isInside: isInside) { interpreter in try interpreter.begin(nextOf: iterator) }
    }

    /// Bytes of an error's message that leave at most.
    private static let longestMessage = 64 << 10

    /// An error's message as it leaves: what is secret is taken out, and of a long one the rest. `size` is that of the
    /// whole message. What is given of a long one is more than leaves, as what is secret may stand across the end.
    func leaving(_ message: String, size: Int) -> (text: String, taken: Int) {
        let (text, taken) = runtime.filter.redacting(message, context: number)
        guard size > ContextCore.longestMessage else { return (text, taken) }
        return ("\(ContextCore.beginning(of: text, ContextCore.longestMessage)) ... (\(size) bytes)", taken)
    }

    /// The same of a message and of arguments that are told apart from it; counts what was taken out.
    private func leaving(
        _ message: String, _ size: Int, _ arguments: ErrorArguments, _ taken: inout Int
    ) -> (String, ErrorArguments) {
        let (text, inMessage) = leaving(message, size: size)
        taken += inMessage
        guard case .apart(let spelled) = arguments else { return (text, arguments) }
        let (told, inArguments) = leaving(spelled, size: spelled.utf8.count)
        taken += inArguments
        return (text, .apart(told))
    }

    /// The first bytes of a text, to the end of a character.
    private static func beginning(of text: String, _ count: Int) -> String {
        guard let end = text.utf8.index(text.startIndex, offsetBy: count, limitedBy: text.endIndex) else { return text }
        return String(text[..<text.unicodeScalars.index(after: text.unicodeScalars.index(before: end))])
    }

    /// A program's end as the host sees it. A limit that is used up closes the context.
    func failure(_ error: ProgramError, of entry: Int, _ interpreter: Interpreter) -> DanaFailure {
        let failure = told(error, interpreter)
        if case .limit(let limit) = error.cause {
            noteLater(.limitReached, "\(limit)", failure.message, place: failure.stack.last)
            leaveManagers(of: entry, failure, interpreter)
            close(failure)
        } else {
            noteLater(.failed, failure.kind, failure.message, place: failure.stack.last)
        }
        return failure
    }

    /// Leaves what an entry had in `with` when a limit ended it and all others: what those had waits for their ends.
    private func leaveManagers(of entry: Int, _ failure: DanaFailure, _ interpreter: Interpreter) {
        for (entry, handle) in interpreter.takeManagersLeftOpen() {
            if let manager = object(handle) { managersLeftOpen.append((entry, { manager.leave(failure) })) }
        }
        for (owner, leave) in managersLeftOpen where owner == entry { doLater(leave) }
        managersLeftOpen.removeAll { $0.entry == entry }
    }

    /// An exception that a program holds as the host sees one that ends it; nil for any other value. With the lock held.
    public func failure(of exception: Value, _ interpreter: Interpreter) -> DanaFailure? {
        interpreter.error(of: exception).map { told($0, interpreter) }
    }

    private func told(_ error: ProgramError, _ interpreter: Interpreter) -> DanaFailure {
        // With the lock held: the interpreter holds what the error's origin names until it is let go of.
        noteSecrets(interpreter)
        var taken = 0
        let (message, arguments) = leaving(error.message, error.messageSize, error.arguments, &taken)
        let chain = error.chain.map { earlier in
            let (message, arguments) = leaving(earlier.message, earlier.messageSize, earlier.arguments, &taken)
            return EarlierFailure(
                earlier, message: message, arguments: arguments, origin: earlier.origin.flatMap { object($0) },
                subject: earlier.subject.flatMap { object($0) })
        }
        let subject = error.subject.flatMap { object($0) }
        let mayTell = taken > 0 || subject != nil || chain.contains { $0.subject != nil }
        let (filter, number) = (runtime.filter, number)
        let redact = { @Sendable (text: String) in filter.redacting(text, context: number).text }
        var bound: String?
        if case .limit(let limit) = error.cause { bound = settings.reason(for: limit) }
        let failure = DanaFailure(
            error, message: message, arguments: arguments, origin: error.origin.flatMap { object($0) },
            subject: subject, chain: chain, hint: bound, redact: mayTell ? redact : nil)
        if taken > 0 { noteRedaction(of: taken, in: "error") }
        interpreter.releaseErrors()
        return failure
    }
}
