import DanaData

/// Collects a function's instructions and the tables they speak of, and resolves its jumps.
///
/// What does not fit into an instruction's operands is remembered as the `overflow`; building goes on, so that no
/// caller needs to check.
struct CodeBuilder {
    /// A place to jump to, known or not yet.
    struct Label: Hashable {
        fileprivate let index: Int
    }

    private var parts: Code.Parts
    private var overflow: Overflow?
    /// The statement being compiled, where what does not fit is told of.
    var statement: SyntaxRange?

    /// What does not fit into an instruction, and the statement that needs it.
    struct Overflow {
        let what: String
        let statement: SyntaxRange?
    }

    private var buffers = Buffers()
    private var constantPlaces: [ConstantKey: Int] = [:]
    private var keywordPlaces: [[String]: Int] = [:]
    /// Ranges in which an exception is being handled; they are searched first.
    private var handlingRanges: [Code.Handler] = []
    private var handlers: [Code.Handler] = []

    /// What grows while a function is compiled, which the next one can use again.
    struct Buffers {
        fileprivate var instructions: [Instruction] = []
        fileprivate var places: [Code.SourceSpan] = []
        fileprivate var labelPositions: [Int] = []
        fileprivate var jumps: [(instruction: Int, label: Label)] = []
        fileprivate var names = SymbolPlaces()
        fileprivate var globals = SymbolPlaces()

        init() {}

        init(expecting instructionCount: Int) {
            instructions.reserveCapacity(instructionCount)
            places.reserveCapacity(instructionCount)
        }

        fileprivate mutating func clear() {
            instructions.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
            labelPositions.removeAll(keepingCapacity: true)
            jumps.removeAll(keepingCapacity: true)
            names.begin()
            globals.begin()
        }
    }

    private enum ConstantKey: Hashable {
        case integer(Int)
        case float(UInt64)
        /// UTF-8, since texts that are the same only after normalisation are different strings.
        case string([UInt8])
        case bytes([UInt8])
    }

    init(name: String, source: SourceText, isStrict: Bool) {
        parts = Code.Parts(name: name, source: source)
        parts.isStrict = isStrict
    }

    /// Exchanges its buffers, which hold nothing yet or nothing any more, for others.
    mutating func exchange(_ others: inout Buffers) {
        swap(&buffers, &others)
        buffers.clear()
    }

    /// The finished form, and what the function has too many of. Nothing is left to go on with.
    mutating func finish(registerCount: Int) -> (parts: Code.Parts, overflow: Overflow?) {
        if registerCount >= Int(Instruction.none) { note(overflow: "values at once") }
        parts.registerCount = registerCount
        if overflow == nil {
            for jump in buffers.jumps { resolve(jump.instruction, to: buffers.labelPositions[jump.label.index]) }
        }
        parts.instructions = buffers.instructions.withUnsafeBufferPointer { Array($0) }
        parts.places = buffers.places.withUnsafeBufferPointer { Array($0) }
        parts.handlers = handlingRanges.isEmpty ? handlers : handlingRanges + handlers
        // Exchanged, for a copy counts each table's reference up and down.
        var finished = Code.Parts(source: parts.source)
        swap(&finished, &parts)
        return (finished, overflow)
    }

    // MARK: Header

    mutating func setHeader(
        parameters: Parameters, isGenerator: Bool, isFieldMaker: Bool, documentation: String?,
        annotations: [String: String] = [:], hiddenTypes: Set<String> = [], start: UInt32 = 0
    ) {
        parts.parameters = parameters
        parts.isGenerator = isGenerator
        parts.isFieldMaker = isFieldMaker
        parts.documentation = documentation
        parts.annotations = annotations
        parts.hiddenTypes = hiddenTypes
        parts.start = start
    }

    mutating func setCaptures(_ captures: [Code.Capture]) {
        parts.captures = captures
    }

    private mutating func note(overflow what: String) {
        if overflow == nil { overflow = Overflow(what: what, statement: statement) }
    }

    // MARK: Instructions

    /// The index of the next instruction.
    var position: Int { buffers.instructions.count }

    mutating func emit(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, x: Int = 0, at place: SyntaxRange) {
        if (a | b | c) >> 16 != 0 { note(overflow: "values at once") }
        if x >> 8 != 0 { note(overflow: "values in one unpacking") }
        append(Instruction(opcode, a: a, b: b, c: c, x: x), place)
    }

    mutating func emit(_ opcode: Opcode, a: Int, wide: Int, at place: SyntaxRange) {
        if a >> 16 != 0 { note(overflow: "values at once") }
        append(Instruction(opcode, a: a, wide: wide), place)
    }

    /// An instruction whose C is a signed number of 16 bits.
    mutating func emit(_ opcode: Opcode, a: Int, b: Int, integer: Int, x: Int = 0, at place: SyntaxRange) {
        if (a | b) >> 16 != 0 { note(overflow: "values at once") }
        append(Instruction(opcode, a: a, b: b, c: integer, x: x), place)
    }

    /// A jump that looks at no or one register.
    mutating func jump(_ opcode: Opcode = .jump, a: Int = 0, to label: Label, at place: SyntaxRange) {
        buffers.jumps.append((position, label))
        emit(opcode, a: a, wide: 0, at: place)
    }

    /// A jump that looks at two registers, or at one and a signed number of 16 bits.
    mutating func jump(_ opcode: Opcode, a: Int, b: Int, to label: Label, at place: SyntaxRange) {
        buffers.jumps.append((position, label))
        if a >> 16 != 0 { note(overflow: "values at once") }
        append(Instruction(opcode, a: a, b: b, jump: 0), place)
    }

    private mutating func append(_ instruction: Instruction, _ place: SyntaxRange) {
        if position == Instruction.jumpRange.upperBound { note(overflow: "instructions") }
        guard overflow == nil else { return }
        buffers.instructions.append(instruction)
        buffers.places.append(Code.SourceSpan(start: place.start, end: place.end))
    }

    private mutating func resolve(_ index: Int, to target: Int) {
        let instruction = buffers.instructions[index]
        let distance = target - (index + 1)
        buffers.instructions[index] =
            switch instruction.opcode {
            case .jump, .jumpIfTrue, .jumpIfFalse, .jumpIfNull, .jumpIfUndefined:
                Instruction(instruction.opcode, a: instruction.a, wide: distance)
            default:
                Instruction(instruction.opcode, a: instruction.a, b: instruction.b, jump: distance)
            }
    }

    // MARK: Labels

    mutating func label() -> Label {
        buffers.labelPositions.append(-1)
        return Label(index: buffers.labelPositions.count - 1)
    }

    /// Says that a label stands before the next instruction.
    mutating func mark(_ label: Label) {
        buffers.labelPositions[label.index] = position
    }

    /// A label before the next instruction.
    mutating func here() -> Label {
        buffers.labelPositions.append(position)
        return Label(index: buffers.labelPositions.count - 1)
    }

    // MARK: Handlers

    /// Says where an exception raised in a range goes on. Inner ranges come before those around them.
    mutating func handle(_ kind: Code.Handler.Kind, from start: Int, to end: Int, target: Int, register: Int) {
        guard start < end else { return }
        let handler = Code.Handler(kind: kind, start: start, end: end, target: target, register: register)
        if kind == .handling { handlingRanges.append(handler) } else { handlers.append(handler) }
    }

    // MARK: Tables

    mutating func name(_ symbol: Symbol, in text: ProgramText) -> Int {
        if let place = buffers.names[symbol] { return place }
        parts.names.append(text.name(symbol))
        buffers.names[symbol] = parts.names.count - 1
        return parts.names.count - 1
    }

    mutating func global(_ symbol: Symbol, in text: ProgramText) -> Int {
        if let place = buffers.globals[symbol] { return place }
        if parts.globals.isEmpty { parts.globals.reserveCapacity(4) }
        parts.globals.append(text.name(symbol))
        buffers.globals[symbol] = parts.globals.count - 1
        return parts.globals.count - 1
    }

    /// The slot of a name that the language itself speaks of.
    mutating func global(named name: String) -> Int {
        if let place = parts.globals.firstIndex(of: name) { return place }
        parts.globals.append(name)
        return parts.globals.count - 1
    }

    mutating func name(spelled name: String) -> Int {
        parts.names.append(name)
        return parts.names.count - 1
    }

    mutating func site(_ symbol: Symbol, keywords: [String] = [], in text: ProgramText) -> Int {
        parts.sites.append(Code.AttributeSite(name: text.name(symbol), keywords: keywords))
        return parts.sites.count - 1
    }

    mutating func keywords(_ names: [String]) -> Int {
        if let place = keywordPlaces[names] { return place }
        parts.keywordNames.append(names)
        keywordPlaces[names] = parts.keywordNames.count - 1
        return parts.keywordNames.count - 1
    }

    mutating func constant(_ constant: Code.Constant) -> Int {
        let key: ConstantKey? =
            switch constant {
            case .integer(let value): .integer(value)
            case .float(let value): .float(value.bitPattern)
            case .string(let value): .string(Array(value.utf8))
            case .bytes(let value): .bytes(value)
            case .null, .bool, .bigInteger, .tuple: nil
            }
        if let key, let place = constantPlaces[key] { return place }
        parts.constants.append(constant)
        if let key { constantPlaces[key] = parts.constants.count - 1 }
        return parts.constants.count - 1
    }

    mutating func add(_ code: Code) -> Int {
        parts.codes.append(code)
        return parts.codes.count - 1
    }

    mutating func add(_ description: Code.StructDescription) -> Int {
        parts.structs.append(description)
        return parts.structs.count - 1
    }

    mutating func add(_ description: Code.EnumDescription) -> Int {
        parts.enums.append(description)
        return parts.enums.count - 1
    }

    mutating func add(_ description: Code.InterfaceDescription) -> Int {
        parts.interfaces.append(description)
        return parts.interfaces.count - 1
    }

    mutating func add(_ description: Code.ImportDescription) -> Int {
        parts.imports.append(description)
        return parts.imports.count - 1
    }
}
