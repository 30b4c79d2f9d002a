import DanaData

/// Makes values of declared types out of plain data, such as a model's answer.
///
/// It is a class, and what calls itself does little in each function, so that deep data needs little of the stack where
/// nothing is optimised.
final class TypedData {
    /// Why data does not become a value.
    indirect enum Fault: Error {
        /// What is wrong, and where: the innermost place first.
        case misfit([String], String)
        case dana(DanaError)
        case program(ProgramError)

        /// The same fault, seen from outside a part.
        func inside(_ part: String) -> Fault {
            guard case .misfit(let path, let message) = self else { return self }
            return .misfit(path + [part], message)
        }
    }

    /// How deep data may go.
    static let deepest = 100
    /// How often parts may turn out not to be of a type that a union names: it could be very often, as each part of a part
    /// is tried against each type again.
    static let mostFailures = 1_000_000

    let machine: Machine
    private var types: DeclaredTypes
    private let mostFailures: Int
    private var failures = 0
    /// The places of a struct's fields, by the struct's address and the fields' names.
    private var places: [UInt: [String: Int]] = [:]

    init(_ machine: Machine, mostFailures: Int) {
        self.machine = machine
        self.mostFailures = mostFailures
        types = DeclaredTypes(machine)
    }

    var heap: Heap { machine.heap }

    /// The value of a type, owned.
    static func value(
        of data: TapeValue, ofType type: Value, _ machine: Machine, mostFailures: Int = TypedData.mostFailures
    ) throws(Fault) -> Value {
        let maker = TypedData(machine, mostFailures: mostFailures)
        let declared: DeclaredType
        do throws(DeclaredTypes.Fault) { declared = try maker.types.read(type) } catch {
            throw .misfit([], error.message)
        }
        return try maker.value(of: data, declared, depth: 0)
    }

    /// The value of a type that was read, owned.
    static func value(of data: TapeValue, _ type: DeclaredType, _ machine: Machine) throws(Fault) -> Value {
        try TypedData(machine, mostFailures: mostFailures).value(of: data, type, depth: 0)
    }

    /// The value, owned.
    func value(of data: TapeValue, _ type: DeclaredType, depth: Int) throws(Fault) -> Value {
        try visit(depth)
        switch type {
        case .list(let item): return try list(of: data, item, depth)
        case .set(let item, let isFrozen): return try set(of: data, item, isFrozen: isFrozen, depth)
        case .row, .tuple: return try tuple(of: data, type, depth)
        case .dict(let key, let value): return try dict(of: data, key, value, depth)
        case .union(let parts): return try union(data, parts, depth)
        case .structure(let structure): return try self.structure(structure, of: data, depth)
        case .anything: return try value(of: data, try TypedData.type(of: data), depth: depth)
        default: return try scalar(of: data, type)
        }
    }

    /// Counts a value that is made.
    private func visit(_ depth: Int) throws(Fault) {
        guard depth < TypedData.deepest else {
            throw .misfit([], "the data has more than \(TypedData.deepest) levels")
        }
        do throws(DanaError) { try heap.charge(1) } catch { throw .dana(error) }
    }

    func made(_ make: (Heap) throws(DanaError) -> Value) throws(Fault) -> Value {
        do throws(DanaError) { return try make(heap) } catch { throw .dana(error) }
    }

    func misfit(_ data: TapeValue, _ type: DeclaredType) -> Fault {
        .misfit([], "expected \(type.name), got \(TypedData.name(of: data))")
    }

    /// What data is, in Dana's words.
    static func name(of data: TapeValue) -> String {
        switch data.kind {
        case .null: "None"
        case .bool: "bool"
        case .int, .bigInteger: "int"
        case .double: "float"
        case .string: data.count <= 40 ? "'\(data.string ?? "")'" : "str"
        case .surrogateString: "a text that is not Unicode"
        case .list: "list"
        case .dict, .record: "dict"
        case .tuple: "tuple"
        default: "\(data.kind)"
        }
    }

    /// The type of which data is by itself.
    private static func type(of data: TapeValue) throws(Fault) -> DeclaredType {
        switch data.kind {
        case .null: return .null
        case .bool: return .bool
        case .int, .bigInteger: return .int
        case .double: return .float
        case .string: return .string
        case .list: return .list(.anything)
        case .tuple: return .row(.anything)
        case .set: return .set(.anything, isFrozen: false)
        case .frozenSet: return .set(.anything, isFrozen: true)
        case .dict: return .dict(key: .anything, value: .anything)
        default: throw .misfit([], "expected plain data, got \(name(of: data))")
        }
    }

    // MARK: Scalars

    private func scalar(of data: TapeValue, _ type: DeclaredType) throws(Fault) -> Value {
        switch type {
        case .null: if data.isNull { return .null }
        case .bool: if let flag = data.bool { return Value(flag) }
        case .int: if let integer = try integer(data) { return integer }
        case .float: if let float = try float(data) { return float }
        case .string:
            if let text = data.string { return try made { heap throws(DanaError) in try heap.string(text).value } }
        case .enumeration(let type): if let member = try member(of: type, data) { return member }
        case .other(_, let name): throw .misfit([], "no data stands for \(name)")
        default: break
        }
        throw misfit(data, type)
    }

    /// An integer, also of a float without a fraction; nil for anything else.
    private func integer(_ data: TapeValue) throws(Fault) -> Value? {
        if let small = data.int {
            return try made { heap throws(DanaError) in try heap.integer(Int(small)) }
        }
        guard let integer = data.bigInteger ?? data.double.flatMap({ BigInteger(exactly: $0) }) else { return nil }
        return try made { heap throws(DanaError) in try heap.integer(integer) }
    }

    /// A float, also of an integer that one can hold; nil for anything else.
    private func float(_ data: TapeValue) throws(Fault) -> Value? {
        guard let float = data.double ?? data.int.map(Double.init) ?? data.bigInteger?.nearestDouble else { return nil }
        if let value = Value(fitting: float) { return value }
        return try made { heap throws(DanaError) in try heap.float(float) }
    }

    /// The member of this name or of this value; nil when there is none.
    private func member(of type: EnumTypeObject, _ data: TapeValue) throws(Fault) -> Value? {
        let members = ValueTable(table: type.members.table)
        if let text = data.string {
            for place in 0..<members.places {
                guard let entry = members.entry(place), machine.text(entry.key) == text else { continue }
                return heap.retained(entry.value)
            }
        }
        switch data.kind {
        case .string, .int, .double, .bool: break
        default: return nil
        }
        let content = heap.owned(try scalar(of: data, try TypedData.type(of: data)))
        for place in 0..<members.places {
            guard let entry = members.entry(place), let member = EnumMemberObject(entry.value) else { continue }
            let isEqual = try made { heap throws(DanaError) in
                Value(try heap.equal(member.at.pointee.content, content.value))
            }
            if isEqual.isIdentical(to: .true) { return heap.retained(entry.value) }
        }
        return nil
    }

    // MARK: Unions

    /// The value of the first type that takes the data as it is, else of the first that takes it at all.
    private func union(_ data: TapeValue, _ parts: [DeclaredType], _ depth: Int) throws(Fault) -> Value {
        let likely = parts.filter { $0.isLikely(data) }
        var first: Fault?
        for part in likely + parts.filter({ !$0.isLikely(data) }) {
            if let value = try attempt(data, part, depth, &first) { return value }
        }
        // Where only one type comes into question, what is wrong with that is what there is to say.
        if let first, likely.count == 1 { throw first }
        throw misfit(data, .union(parts))
    }

    /// The value, or nil with the fault, unless there was one before.
    private func attempt(_ data: TapeValue, _ type: DeclaredType, _ depth: Int, _ first: inout Fault?) throws(Fault)
        -> Value?
    {
        do throws(Fault) {
            return try value(of: data, type, depth: depth + 1)
        } catch {
            guard case .misfit = error, failures <= mostFailures else { throw error }
            failures += 1
            guard failures <= mostFailures else {
                throw .misfit([], "the data is unlike the types of unions more than \(mostFailures) times")
            }
            if first == nil { first = error }
            return nil
        }
    }

    // MARK: What structs have

    /// The types of a struct's fields.
    func fields(of type: StructTypeObject) throws(Fault) -> [DeclaredType] {
        do throws(DeclaredTypes.Fault) { return try types.fields(of: type) } catch {
            throw .misfit([], error.message)
        }
    }

    /// The places of a struct's fields, by their names.
    func places(of type: StructTypeObject) -> [String: Int] {
        let key = UInt(bitPattern: type.at)
        if let known = places[key] { return known }
        let names = type.fieldNames.items.enumerated().map { (machine.text($0.element), $0.offset) }
        let made = Dictionary(names) { first, _ in first }
        places[key] = made
        return made
    }
}

extension DeclaredType {
    /// Whether data is of the kind that a type is made of without a conversion.
    fileprivate func isLikely(_ data: TapeValue) -> Bool {
        switch self {
        case .anything: true
        case .null: data.isNull
        case .bool: data.bool != nil
        case .int: data.bigInteger != nil
        case .float: data.double != nil
        case .string: data.string != nil
        case .list, .set, .tuple, .row: data.array != nil
        case .dict, .structure: data.pairs != nil
        case .enumeration: data.string != nil
        case .union(let parts): parts.contains { $0.isLikely(data) }
        case .other: false
        }
    }
}
