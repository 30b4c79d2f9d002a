/// Whether values are what annotations say, down to the items of containers.
///
/// A type as annotations name it is a type's value, null for None, true for what everything is of, a tuple for a
/// union (or what `A | B` makes where it has a name), a list for `list[int]`: the container, the number of types in its
/// brackets (-1: one type for any number of items), and these, or a `NamedType`. How deep types may stand in each other
/// is bounded, for programs can name values of their own as types; every value visited costs a tick.
extension Heap {
    func conforms(_ value: Value, to type: Value, depth: Int = 0) throws(DanaError) -> Bool {
        if type.isIdentical(to: .true) { return true }
        guard depth <= DeclaredTypes.deepest else {
            throw typeError("the type has more than \(DeclaredTypes.deepest) levels")
        }
        if let choices = type.typeChoices {
            for part in choices.items where try conforms(value, to: part, depth: depth + 1) { return true }
            return false
        }
        if let named = NamedType(type) {
            guard let meaning = named.meaning(self) else { return true }
            return try conforms(value, to: meaning, depth: depth + 1)
        }
        guard let form = ContainerForm(type) else { return try isOfType(value, type, depth) }
        return try isOfType(value, form.container, depth) ? try misfit(of: value, in: form, depth) == nil : false
    }

    /// An int does where a float is wanted.
    private func isOfType(_ value: Value, _ type: Value, _ depth: Int) throws(DanaError) -> Bool {
        if try isInstance(value, of: type, depth: depth) { return true }
        return TypeObject(type)?.type == .float && value.builtInType == .int
    }

    /// What a container holds that its brackets do not allow.
    private enum Misfit {
        case item(Int, Value, wanted: Value)
        case value(key: Value, Value, wanted: Value)
        case key(Value)
        case count
    }

    private func misfit(of value: Value, in form: ContainerForm, _ depth: Int = 0) throws(DanaError) -> Misfit? {
        if let dict = DictObject(value) {
            return try misfit(of: dict.table, keys: form.type(0), values: form.type(1), depth)
        }
        if let set = SetObject(value) { return try misfit(of: set.table, keys: form.type(0), values: .true, depth) }
        let items: UnsafeBufferPointer<Value>
        if let list = ListObject(value) {
            items = list.items
        } else if let tuple = TupleObject(value) {
            if form.count >= 0, tuple.count != form.count { return .count }
            items = tuple.items
        } else {
            return nil
        }
        let isTuple = value.isObject(.tuple)
        for (index, item) in items.enumerated() {
            let wanted = form.type(isTuple && form.count >= 0 ? index : 0)
            if try !conforms(item, to: wanted, depth: depth + 1) { return .item(index, item, wanted: wanted) }
        }
        return nil
    }

    private func misfit(
        of table: TableObject, keys: Value, values: Value, _ depth: Int
    ) throws(DanaError) -> Misfit? {
        for index in 0..<table.used {
            let entry = table.entry(index).pointee
            if entry.key.isUndefined { continue }
            if try !conforms(entry.key, to: keys, depth: depth + 1) { return .key(entry.key) }
            if try !conforms(entry.value, to: values, depth: depth + 1) {
                return .value(key: entry.key, entry.value, wanted: values)
            }
        }
        return nil
    }

    /// What a value that does not conform is, and where in it the fault lies: `list with str at [2][0]`.
    func described(_ value: Value, against type: Value) throws(DanaError) -> String {
        var (fault, wanted) = (value, type)
        var path = ""
        while let form = containerForm(for: fault, in: wanted), let misfit = try misfit(of: fault, in: form) {
            switch misfit {
            case .item(let index, let item, let type):
                path += "[\(index)]"
                (fault, wanted) = (item, type)
            case .value(let key, let item, let type):
                path += "[\(shortName(of: key))]"
                (fault, wanted) = (item, type)
            case .key(let key):
                let place = path.isEmpty ? "" : " at \(path)"
                return "\(value.typeName) with the key \(shortName(of: key)) of type \(key.typeName)\(place)"
            case .count:
                let count = TupleObject(fault)?.count ?? 0
                let tuple = "tuple of \(count) item\(count == 1 ? "" : "s")"
                return path.isEmpty ? tuple : "\(value.typeName) with \(tuple) at \(path)"
            }
        }
        return path.isEmpty ? value.typeName : "\(value.typeName) with \(fault.typeName) at \(path)"
    }

    /// The container among what is wanted that a value is of at least itself.
    private func containerForm(for value: Value, in type: Value) -> ContainerForm? {
        let choices = type.typeChoices.map { Array($0.items) } ?? [type]
        return choices.lazy.compactMap { ContainerForm($0) }.first {
            TypeObject($0.container).map { $0.type == value.builtInType } ?? false
        }
    }

    private func shortName(of key: Value) -> String {
        if key.isSmallInteger { return "\(key.smallInteger)" }
        guard let string = StringObject(key), string.scalarCount <= 40 else { return "…" }
        return "'\(string.text)'"
    }
}

/// `list[int]` as a value.
struct ContainerForm {
    private let list: ListObject

    init?(_ type: Value) {
        guard let list = ListObject(type), list.count >= 2, list[unchecked: 1].isSmallInteger else { return nil }
        self.list = list
    }

    var container: Value { list[unchecked: 0] }
    var count: Int { list[unchecked: 1].smallInteger }
    var types: Range<Int> { 2..<list.count }

    /// A type in the brackets; what is not said is true for everything.
    func type(_ number: Int) -> Value { number + 2 < list.count ? list[unchecked: number + 2] : .true }
}
