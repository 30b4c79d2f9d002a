import DanaData

/// Makes values of declared types out of plain data, such as a model's answer.
struct TypedData {
    /// Why data does not become a value.
    enum Fault: Error {
        /// What is wrong, and where: the innermost place first.
        case misfit([String], String)
        case dana(DanaError)
        case program(ProgramError)

        /// The same fault, seen from outside a part.
        func inside(_ part: @autoclosure () -> String) -> Fault {
            guard case .misfit(let path, let message) = self else { return self }
            return .misfit(path + [part()], message)
        }
    }

    /// How deep data may go.
    static let deepest = 100
    /// How often a part is tried against the types of a union.
    private static let mostTries = 100_000

    let machine: Machine
    var types: DeclaredTypes
    private var tries = 0
    /// The places of a struct's fields, by the struct's address and the fields' names.
    private var places: [UInt: [String: Int]] = [:]

    init(_ machine: Machine) {
        self.machine = machine
        types = DeclaredTypes(machine)
    }

    /// The value, owned.
    mutating func value(of data: TapeValue, _ type: DeclaredType, depth: Int = 0) throws(Fault) -> Value {
        guard depth < TypedData.deepest else {
            throw .misfit([], "the data has more than \(TypedData.deepest) levels")
        }
        try charge()
        switch type {
        case .anything: return try plain(data, depth: depth)
        case .null: if data.isNull { return .null }
        case .bool: if let flag = data.bool { return Value(flag) }
        case .int: if let integer = try integer(data) { return integer }
        case .float: if let float = try float(data) { return float }
        case .string: if let text = data.string { return try made { heap throws(DanaError) in try heap.string(text).value } }
        case .list(let item):
            if let items = data.array { return try list(of: items, count: data.count, item, depth: depth) }
        case .set(let item, let isFrozen):
            if let items = data.array { return try set(of: items, item, isFrozen: isFrozen, depth: depth) }
        case .row(let item):
            if let items = data.array { return try tuple(of: items, count: data.count, depth: depth) { _ in item } }
        case .tuple(let wanted):
            if let items = data.array {
                guard data.count == wanted.count else {
                    throw .misfit([], "expected \(wanted.count) items, got \(data.count)")
                }
                return try tuple(of: items, count: data.count, depth: depth) { wanted[$0] }
            }
        case .dict(let key, let value):
            if let pairs = data.pairs { return try dict(of: pairs, key, value, depth: depth) }
        case .union(let parts): return try union(data, parts, type, depth: depth)
        case .structure(let type):
            if let pairs = data.pairs { return try structure(type, of: pairs, depth: depth) }
        case .enumeration(let type): if let member = try member(of: type, data) { return member }
        case .other(_, let name): throw .misfit([], "no data stands for \(name)")
        }
        throw .misfit([], "expected \(type.name), got \(TypedData.name(of: data))")
    }

    func made(_ make: (Heap) throws(DanaError) -> Value) throws(Fault) -> Value {
        do throws(DanaError) { return try make(machine.heap) } catch { throw .dana(error) }
    }

    private func charge() throws(Fault) {
        do throws(DanaError) { try machine.heap.charge(1) } catch { throw .dana(error) }
    }

    /// What data is, in Dana's words.
    private static func name(of data: TapeValue) -> String {
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

    // MARK: Numbers

    /// An integer, also of a float without a fraction; nil for anything else.
    private func integer(_ data: TapeValue) throws(Fault) -> Value? {
        let integer: BigInteger
        if let small = data.int {
            return try made { heap throws(DanaError) in try heap.integer(Int(small)) }
        } else if let big = data.bigInteger ?? data.double.flatMap({ BigInteger(exactly: $0) }) {
            integer = big
        } else {
            return nil
        }
        return try made { heap throws(DanaError) in try heap.integer(integer) }
    }

    /// A float, also of an integer that one can hold; nil for anything else.
    private func float(_ data: TapeValue) throws(Fault) -> Value? {
        guard let float = data.double ?? data.int.map(Double.init) ?? data.bigInteger?.nearestDouble else { return nil }
        return try made { heap throws(DanaError) in 
            if let value = Value(fitting: float) { return value }
            return try heap.float(float)
        }
    }

    // MARK: Containers

    private mutating func list(
        of items: TapeElements, count: Int, _ type: DeclaredType, depth: Int
    ) throws(Fault) -> Value {
        let heap = machine.heap
        let list = heap.owned(try made { heap throws(DanaError) in try heap.list(capacity: count).value })
        for (index, item) in items.enumerated() {
            let value = try part("[\(index)]", item, type, depth: depth)
            _ = try made { heap throws(DanaError) in
                try heap.append(value, to: ListObject(known: list.value))
                return .null
            }
        }
        return list.take()
    }

    /// The value of a part of the data, whose place its errors name.
    private mutating func part(
        _ place: @autoclosure () -> String, _ data: TapeValue, _ type: DeclaredType, depth: Int
    ) throws(Fault) -> Value {
        do throws(Fault) {
            return try value(of: data, type, depth: depth + 1)
        } catch {
            throw error.inside(place())
        }
    }

    private mutating func tuple(
        of items: TapeElements, count: Int, depth: Int, _ type: (Int) -> DeclaredType
    ) throws(Fault) -> Value {
        let heap = machine.heap
        let tuple = heap.owned(try made { heap throws(DanaError) in try heap.tuple(count: count).value })
        if count == 0 { return tuple.take() }
        let start = TupleObject(known: tuple.value).start
        start.initialize(repeating: .null, count: count)
        for (index, item) in items.enumerated() where index < count {
            start[index] = try part("[\(index)]", item, type(index), depth: depth)
        }
        return tuple.take()
    }

    private mutating func set(of items: TapeElements, _ type: DeclaredType, isFrozen: Bool, depth: Int)
        throws(Fault) -> Value
    {
        let heap = machine.heap
        let set = heap.owned(try made { heap throws(DanaError) in try heap.set(isFrozen: isFrozen).value })
        for (index, item) in items.enumerated() {
            let value = try part("[\(index)]", item, type, depth: depth)
            _ = try made { heap throws(DanaError) in
                try heap.add(value, to: SetObject(known: set.value))
                return .null
            }
        }
        return set.take()
    }

    private mutating func dict(
        of pairs: TapePairs, _ keyType: DeclaredType, _ valueType: DeclaredType, depth: Int
    ) throws(Fault) -> Value {
        let heap = machine.heap
        let dict = heap.owned(try made { heap throws(DanaError) in try heap.dict().value })
        for (key, item) in pairs {
            let shown = { "[\(TypedData.name(of: key))]" }
            let name: Value
            do throws(Fault) {
                name = try self.key(key, keyType, depth: depth + 1)
            } catch {
                throw error.inside(shown())
            }
            let held = heap.owned(name)
            let value = try part(shown(), item, valueType, depth: depth)
            let taken = held.take()
            _ = try made { heap throws(DanaError) in
                try heap.set(taken, to: value, in: DictObject(known: dict.value))
                return .null
            }
        }
        return dict.take()
    }

    /// A key, which in JSON is a text also where an integer is wanted.
    private mutating func key(_ data: TapeValue, _ type: DeclaredType, depth: Int) throws(Fault) -> Value {
        if case .int = type, let text = data.string {
            guard let integer = Int(text) else { throw .misfit([], "expected int, got '\(text)'") }
            return try made { heap throws(DanaError) in try heap.integer(integer) }
        }
        return try value(of: data, type, depth: depth)
    }

    // MARK: Unions

    /// The value of the first type that takes the data as it is, else of the first that takes it at all.
    private mutating func union(
        _ data: TapeValue, _ parts: [DeclaredType], _ type: DeclaredType, depth: Int
    ) throws(Fault) -> Value {
        let likely = parts.filter { $0.isLikely(data) }
        var fault: Fault?
        for part in likely + parts.filter({ !$0.isLikely(data) }) {
            tries += 1
            guard tries <= TypedData.mostTries else {
                throw .misfit([], "the data is tried against too many types of unions")
            }
            do throws(Fault) {
                return try value(of: data, part, depth: depth + 1)
            } catch {
                guard case .misfit = error else { throw error }
                if fault == nil { fault = error }
            }
        }
        // Where only one type comes into question, what is wrong with that is what there is to say.
        if let fault, likely.count == 1 { throw fault }
        throw .misfit([], "expected \(type.name), got \(TypedData.name(of: data))")
    }

    // MARK: Enums

    /// The member of this name or of this value; nil when there is none.
    private mutating func member(of type: EnumTypeObject, _ data: TapeValue) throws(Fault) -> Value? {
        let heap = machine.heap
        let table = ValueTable(table: type.members.table)
        if let text = data.string {
            for place in 0..<table.places {
                guard let entry = table.entry(place), machine.text(entry.key) == text else { continue }
                return heap.retained(entry.value)
            }
        }
        guard data.string != nil || data.int != nil || data.double != nil || data.bool != nil else { return nil }
        let content = heap.owned(try plain(data, depth: 0))
        for place in 0..<table.places {
            guard let entry = table.entry(place), let member = EnumMemberObject(entry.value) else { continue }
            var isEqual = false
            _ = try made { heap throws(DanaError) in
                isEqual = try heap.equal(member.at.pointee.content, content.value)
                return .null
            }
            if isEqual { return heap.retained(entry.value) }
        }
        return nil
    }

    // MARK: Structs

    private mutating func structure(
        _ type: StructTypeObject, of pairs: TapePairs, depth: Int
    ) throws(Fault) -> Value {
        let heap = machine.heap
        let fields: [DeclaredType]
        do throws(DeclaredTypes.Fault) { fields = try types.fields(of: type) } catch {
            throw .misfit([], error.message)
        }
        let count = fields.count
        let made = heap.owned(
            try self.made { heap throws(DanaError) in
                let structure = try heap.allocate(
                    StructObject.self, trailingBytes: count * MemoryLayout<Value>.stride)
                structure.at.pointee.type = heap.retained(type.value)
                structure.at.pointee.count = count
                structure.fields.initialize(repeating: .undefined, count: count)
                return structure.value
            })
        let structure = StructObject(known: made.value)
        let places = places(of: type)
        for (key, item) in pairs {
            let name = key.string ?? TypedData.name(of: key)
            guard let place = places[name], place < count else {
                throw .misfit([], "\(machine.text(type.at.pointee.name)) has no field '\(name)'")
            }
            heap.store(try part(".\(name)", item, fields[place], depth: depth), in: structure.fields + place)
        }
        for place in 0..<count where structure.fields[place].isUndefined {
            structure.fields[place] = try defaultValue(of: type, place)
        }
        return made.take()
    }

    private mutating func places(of type: StructTypeObject) -> [String: Int] {
        let key = UInt(bitPattern: type.at)
        if let known = places[key] { return known }
        let names = type.fieldNames.items.enumerated().map { (machine.text($0.element), $0.offset) }
        let made = Dictionary(names) { first, _ in first }
        places[key] = made
        return made
    }

    /// What a field has that the data does not name.
    private func defaultValue(of type: StructTypeObject, _ place: Int) throws(Fault) -> Value {
        let value = type.fieldDefaults[unchecked: place]
        let name = machine.text(type.fieldNames[unchecked: place])
        guard !value.isUndefined else { throw .misfit([".\(name)"], "is missing") }
        guard machine.isMaker(place, type) else { return machine.heap.retained(value) }
        let made: Value?
        do throws(ProgramError) { made = try machine.resultAtOnce(of: value) } catch { throw .program(error) }
        guard let made else { throw .misfit([".\(name)"], "its default asks the host, so that the data must name it") }
        return made
    }

    // MARK: Anything

    /// Data as what it is: lists, dicts, texts, numbers.
    private mutating func plain(_ data: TapeValue, depth: Int) throws(Fault) -> Value {
        switch data.kind {
        case .null: return .null
        case .bool: return Value(data.bool ?? false)
        case .int, .bigInteger: if let integer = try integer(data) { return integer }
        case .double: if let float = try float(data) { return float }
        case .string:
            if let text = data.string { return try made { heap throws(DanaError) in try heap.string(text).value } }
        case .list: return try value(of: data, .list(.anything), depth: depth)
        case .tuple: return try value(of: data, .row(.anything), depth: depth)
        case .set: return try value(of: data, .set(.anything, isFrozen: false), depth: depth)
        case .frozenSet: return try value(of: data, .set(.anything, isFrozen: true), depth: depth)
        case .dict: return try value(of: data, .dict(key: .anything, value: .anything), depth: depth)
        default: break
        }
        throw .misfit([], "expected plain data, got \(TypedData.name(of: data))")
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

extension Machine {
    /// What a function without arguments gives, owned, when it gives it without asking the host; else nil.
    func resultAtOnce(of function: Value) throws(ProgramError) -> Value? {
        let entry = try begin(calling: function, UnsafeBufferPointer(start: nil, count: 0), keywords: [])
        let earlier = resultPlace.pointee
        resultPlace.pointee = .undefined
        defer { resultPlace.pointee = earlier }
        while true {
            switch run(entry, slice: .max) {
            case .finished: return resultPlace.pointee
            case .failed(let error): throw error
            case .waiting:
                clearFibers(of: entry)
                return nil
            case .sliceOver: continue
            }
        }
    }
}
