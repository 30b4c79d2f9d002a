/// The values of a saved program while it is restored: its objects by number, each held by one reference until the
/// restore has ended, well or not. So whatever reads a value borrows it, and retains what it stores.
final class SavedValues {
    let machine: Machine
    private(set) var objects: [Value] = []

    init(_ machine: Machine) {
        self.machine = machine
    }

    deinit {
        for object in objects { machine.heap.release(object) }
    }

    /// Takes over the reference to the object that has the next number.
    func append(_ object: Value) { objects.append(object) }

    /// A value, borrowed.
    func read(_ reader: inout SaveReader) throws(SaveError) -> Value {
        let raw: UInt8 = try reader.read()
        guard let mark = ProgramSaver.Mark(rawValue: raw) else { throw .damaged("there is no mark \(raw)") }
        if mark == .immediate {
            let value = Value(bits: try reader.read())
            guard !value.isObject else { throw .damaged("an immediate value is none") }
            return value
        }
        return try shared(mark, try reader.read())
    }

    /// What a mark and a number stand for, borrowed.
    private func shared(_ mark: ProgramSaver.Mark, _ number: UInt32) throws(SaveError) -> Value {
        let heap = machine.heap
        let index = Int(number)
        switch mark {
        case .object:
            guard objects.indices.contains(index) else { throw .damaged("there is no object \(number)") }
            return objects[index]
        case .type:
            guard let type = BuiltInType(rawValue: UInt8(truncatingIfNeeded: number)) else { throw .damaged("a type") }
            return try machine.restoring { () throws(DanaError) in try heap.type(type) }
        case .exceptionType:
            guard let kind = ExceptionKind(rawValue: UInt8(truncatingIfNeeded: number)) else {
                throw .damaged("a kind")
            }
            return try machine.restoring { () throws(DanaError) in try heap.exceptionType(kind) }
        case .character:
            return try machine.restoring { () throws(DanaError) in
                try heap.character(UInt8(truncatingIfNeeded: number))
            }
        case .emptyString: return heap.emptyString
        case .emptyTuple: return heap.emptyTuple
        case .module:
            guard machine.moduleOrder.indices.contains(index) else { throw .damaged("there is no module \(number)") }
            return machine.moduleOrder[index].value
        case .immediate: return .null
        }
    }

    /// Goes on behind a value.
    static func skip(_ reader: inout SaveReader) throws(SaveError) {
        let mark: UInt8 = try reader.read()
        try reader.skip(mark == ProgramSaver.Mark.immediate.rawValue ? 8 : 4)
    }
}

extension Machine {
    /// Does something of the heap's for a restore; its errors mean that the limits are too small for the program.
    func restoring<Result>(_ deed: () throws(DanaError) -> Result) throws(SaveError) -> Result {
        do throws(DanaError) { return try deed() } catch {
            throw SaveError(restoring: programError(error))
        }
    }
}
