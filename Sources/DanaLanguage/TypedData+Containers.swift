import DanaData

// Containers and structs of declared types, their parts one by one.

extension TypedData {
    /// The value of a part of the data, whose place its errors name.
    private func part(_ place: () -> String, _ data: TapeValue, _ type: DeclaredType, _ depth: Int) throws(Fault)
        -> Value
    {
        do throws(Fault) {
            return try value(of: data, type, depth: depth + 1)
        } catch {
            throw error.inside(place())
        }
    }

    func list(of data: TapeValue, _ item: DeclaredType, _ depth: Int) throws(Fault) -> Value {
        guard let items = data.array else { throw misfit(data, .list(item)) }
        let list = heap.owned(try made { heap throws(DanaError) in try heap.list(capacity: data.count).value })
        var index = 0
        for data in items {
            let value = try part({ "[\(index)]" }, data, item, depth)
            try append(value, to: ListObject(known: list.value))
            index += 1
        }
        return list.take()
    }

    private func append(_ value: Value, to list: ListObject) throws(Fault) {
        do throws(DanaError) { try heap.append(value, to: list) } catch { throw .dana(error) }
    }

    func set(of data: TapeValue, _ item: DeclaredType, isFrozen: Bool, _ depth: Int) throws(Fault) -> Value {
        guard let items = data.array else { throw misfit(data, .set(item, isFrozen: isFrozen)) }
        let set = heap.owned(try made { heap throws(DanaError) in try heap.set(isFrozen: isFrozen).value })
        var index = 0
        for data in items {
            let value = try part({ "[\(index)]" }, data, item, depth)
            try add(value, to: SetObject(known: set.value))
            index += 1
        }
        return set.take()
    }

    private func add(_ value: Value, to set: SetObject) throws(Fault) {
        do throws(DanaError) { try heap.add(value, to: set) } catch { throw .dana(error) }
    }

    /// A tuple of as many items as the type wants.
    func tuple(of data: TapeValue, _ type: DeclaredType, _ depth: Int) throws(Fault) -> Value {
        guard let items = data.array else { throw misfit(data, type) }
        let count = data.count
        if case .tuple(let wanted) = type, wanted.count != count {
            throw .misfit([], "expected \(wanted.count) items, got \(count)")
        }
        let tuple = heap.owned(try emptyTuple(count))
        var index = 0
        for data in items {
            TupleObject(known: tuple.value).start[index] = try part(
                { "[\(index)]" }, data, type.item(index), depth)
            index += 1
        }
        return tuple.take()
    }

    /// A tuple that holds nothing yet.
    private func emptyTuple(_ count: Int) throws(Fault) -> Value {
        try made { heap throws(DanaError) in
            let tuple = try heap.tuple(count: count)
            if count > 0 { tuple.start.initialize(repeating: .null, count: count) }
            return tuple.value
        }
    }

    func dict(of data: TapeValue, _ key: DeclaredType, _ value: DeclaredType, _ depth: Int) throws(Fault) -> Value {
        guard let pairs = data.pairs else { throw misfit(data, .dict(key: key, value: value)) }
        let dict = heap.owned(try made { heap throws(DanaError) in try heap.dict().value })
        for pair in pairs {
            let place = { "[\(TypedData.name(of: pair.key))]" }
            let name = heap.owned(try self.key(place, pair.key, key, depth))
            let item = try part(place, pair.value, value, depth)
            try set(name.take(), to: item, in: DictObject(known: dict.value))
        }
        return dict.take()
    }

    private func set(_ key: Value, to value: Value, in dict: DictObject) throws(Fault) {
        do throws(DanaError) { try heap.set(key, to: value, in: dict) } catch { throw .dana(error) }
    }

    /// A key, which in JSON is a text also where an integer is wanted.
    private func key(_ place: () -> String, _ data: TapeValue, _ type: DeclaredType, _ depth: Int) throws(Fault)
        -> Value
    {
        guard case .int = type, let text = data.string else { return try part(place, data, type, depth) }
        guard let integer = Int(text) else { throw misfit(data, type).inside(place()) }
        return try made { heap throws(DanaError) in try heap.integer(integer) }
    }

    // MARK: Structs

    func structure(_ type: StructTypeObject, of data: TapeValue, _ depth: Int) throws(Fault) -> Value {
        guard let pairs = data.pairs else { throw misfit(data, .structure(type)) }
        let fields = try fields(of: type)
        let instance = heap.owned(try emptyInstance(of: type))
        let places = places(of: type)
        for pair in pairs {
            let place = try self.place(of: pair.key, in: places, of: type)
            let value = try part({ ".\(pair.key.string ?? "")" }, pair.value, fields[place], depth)
            heap.store(value, in: StructObject(known: instance.value).fields + place)
        }
        try fillDefaults(of: StructObject(known: instance.value))
        return instance.take()
    }

    private func place(of key: TapeValue, in places: [String: Int], of type: StructTypeObject) throws(Fault) -> Int {
        if let name = key.string, let place = places[name] { return place }
        let name = TypedData.name(of: key)
        throw .misfit([], "\(machine.text(type.at.pointee.name)) has no field \(name)")
    }

    /// An instance without fields' values.
    private func emptyInstance(of type: StructTypeObject) throws(Fault) -> Value {
        let count = type.fieldNames.count
        return try made { heap throws(DanaError) in
            let structure = try heap.allocate(StructObject.self, trailingBytes: count * MemoryLayout<Value>.stride)
            structure.at.pointee.type = heap.retained(type.value)
            structure.at.pointee.count = count
            structure.fields.initialize(repeating: .undefined, count: count)
            return structure.value
        }
    }

    /// Gives the fields that the data does not name their defaults.
    private func fillDefaults(of instance: StructObject) throws(Fault) {
        for place in 0..<instance.count where instance.fields[place].isUndefined {
            instance.fields[place] = try defaultValue(of: instance.type, place)
        }
    }

    private func defaultValue(of type: StructTypeObject, _ place: Int) throws(Fault) -> Value {
        let value = type.fieldDefaults[unchecked: place]
        let path = [".\(machine.text(type.fieldNames[unchecked: place]))"]
        guard !value.isUndefined else { throw .misfit(path, "is missing") }
        guard machine.isMaker(place, type) else { return heap.retained(value) }
        let made: Value?
        do throws(ProgramError) { made = try machine.resultAtOnce(of: value) } catch { throw .program(error) }
        guard let made else { throw .misfit(path, "its default asks the host, so that the data must name it") }
        return made
    }
}

extension DeclaredType {
    /// The type of a tuple's item.
    fileprivate func item(_ index: Int) -> DeclaredType {
        switch self {
        case .row(let item): item
        case .tuple(let items) where index < items.count: items[index]
        default: .anything
        }
    }
}

extension Machine {
    /// What a function without arguments gives, owned, when it gives it without asking the host; else nil.
    fileprivate func resultAtOnce(of function: Value) throws(ProgramError) -> Value? {
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
