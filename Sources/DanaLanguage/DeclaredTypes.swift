/// Reads the types that programs declare: the values that annotations are evaluated to, and the texts of annotations
/// that are not evaluated. What it reads is bounded, for programs make types, too.
struct DeclaredTypes {
    /// A type that makes no sense, or too much of it.
    struct Fault: Error {
        let message: String
    }

    /// How deep types may lie in one another.
    static let deepest = 100
    /// How many types are read, a type being as many as it names.
    static let most = 20_000

    let machine: Machine
    private let held: HeldValues
    private var count = 0
    /// The fields' types of each struct that was asked for, by the struct's address.
    private var fields: [UInt: [DeclaredType]] = [:]

    init(_ machine: Machine) {
        self.machine = machine
        held = HeldValues(machine.heap)
    }

    // MARK: Values

    /// A type as `Heap.conforms` takes it.
    mutating func read(_ type: Value, depth: Int = 0) throws(Fault) -> DeclaredType {
        try visit(depth)
        if type.isIdentical(to: .true) { return .anything }
        if type.isNull { return .null }
        switch type.objectKind {
        case .tuple, .pipeline:
            guard let choices = type.typeChoices, choices.count > 0 else { break }
            return .union(try read(Array(choices.items), depth: depth))
        case .list:
            if let named = NamedType(type) {
                return try named.meaning(machine.heap).map { value throws(Fault) in try read(value, depth: depth + 1) }
                    ?? .anything
            }
            guard let form = ContainerForm(type) else { break }
            let types = try read(form.types.map { form.type($0 - 2) }, depth: depth)
            guard let read = DeclaredTypes.container(form.container, types, isOpen: form.count < 0) else { break }
            return read
        case .type: return DeclaredTypes.builtIn(type)
        case .structType:
            held.hold(type)
            return .structure(StructTypeObject(known: type))
        case .enumType:
            held.hold(type)
            return .enumeration(EnumTypeObject(known: type))
        case .interface, .exceptionType:
            held.hold(type)
            return .other(type, name: machine.typeName(type))
        default: break
        }
        throw Fault(message: "expected a type, got \(type.typeName)")
    }

    private mutating func read(_ types: [Value], depth: Int) throws(Fault) -> [DeclaredType] {
        var read: [DeclaredType] = []
        for type in types { read.append(try self.read(type, depth: depth + 1)) }
        return read
    }

    /// Counts a type that is read.
    mutating func visit(_ depth: Int) throws(Fault) {
        count += 1
        guard depth < DeclaredTypes.deepest else {
            throw Fault(message: "the type has more than \(DeclaredTypes.deepest) levels")
        }
        guard count < DeclaredTypes.most else {
            throw Fault(message: "the type names more than \(DeclaredTypes.most) types")
        }
    }

    /// A type of the language's without brackets.
    static func builtIn(_ value: Value) -> DeclaredType {
        let type = TypeObject(known: value).type
        return switch type {
        case .any: .anything
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .list: .list(.anything)
        case .tuple: .row(.anything)
        case .set: .set(.anything, isFrozen: false)
        case .frozenSet: .set(.anything, isFrozen: true)
        case .dict: .dict(key: .anything, value: .anything)
        default: .other(value, name: type.name)
        }
    }

    /// A type of the language's with types in brackets; nil for one that takes none.
    static func container(_ base: Value, _ types: [DeclaredType], isOpen: Bool) -> DeclaredType? {
        let first = types.first ?? .anything
        switch TypeObject(base)?.type {
        case .list: return .list(first)
        case .tuple: return isOpen ? .row(first) : .tuple(types)
        case .set: return .set(first, isFrozen: false)
        case .frozenSet: return .set(first, isFrozen: true)
        case .dict: return .dict(key: first, value: types.count > 1 ? types[1] : .anything)
        default: return nil
        }
    }

    // MARK: Structs

    /// The types of a struct's fields.
    mutating func fields(of type: StructTypeObject) throws(Fault) -> [DeclaredType] {
        let key = UInt(bitPattern: type.at)
        if let known = fields[key] { return known }
        let texts = machine.description(of: type)
        var types: [DeclaredType] = []
        for index in 0..<type.fieldNames.count {
            let value = type.fieldTypes[unchecked: index]
            if !value.isNull, !DeclaredTypes.isOpen(value) {
                types.append(try read(value))
                continue
            }
            // A type that was not known when the struct was made: the struct itself, or one further down.
            var read: DeclaredType?
            if let texts, index < texts.struct.annotations.count {
                let reader = AnnotationReader(
                    machine, module: texts.module, hidden: texts.struct.hiddenTypes, within: type)
                read = try reader.read(texts.struct.annotations[index], &self)
            }
            if let read {
                types.append(read)
            } else {
                types.append(value.isNull ? .anything : try self.read(value))
            }
        }
        fields[key] = types
        return types
    }

    /// Whether a type leaves something open that its text may tell.
    private static func isOpen(_ type: Value) -> Bool {
        if type.isIdentical(to: .true) { return true }
        var pending = [type]
        var left = most
        while let type = pending.popLast(), left > 0 {
            left -= 1
            let parts = type.typeChoices?.items ?? ListObject(type)?.items
            guard let parts else { continue }
            if parts.contains(where: { $0.isIdentical(to: .true) }) { return true }
            pending += parts
        }
        return false
    }
}

/// Values that are held as long as somebody holds this.
private final class HeldValues {
    private let heap: Heap
    private var values: Set<UInt64> = []

    init(_ heap: Heap) {
        self.heap = heap
    }

    func hold(_ value: Value) {
        if values.insert(value.bits).inserted { heap.retain(value) }
    }

    deinit {
        for bits in values { heap.release(Value(bits: bits)) }
    }
}

extension Machine {
    /// What the program's text says of a struct, and the module in which it says so.
    func description(of type: StructTypeObject) -> (struct: Code.StructDescription, module: ModuleObject)? {
        let name = text(type.at.pointee.name)
        let fields = type.fieldNames.items.map { text($0) }
        var found: (struct: Code.StructDescription, module: ModuleObject)?
        for linked in linked {
            let structs = linked.pointee.code.takeUnretainedValue().parts.structs
            guard let match = structs.last(where: { $0.name == name && $0.fields == fields }) else { continue }
            found = (match, linked.pointee.module)
            if isVariable(type.value, type.at.pointee.name, of: linked.pointee.module) { return found }
        }
        return found
    }

    private func isVariable(_ value: Value, _ name: Value, of module: ModuleObject) -> Bool {
        guard let slot = try? heap.existingSlot(name, of: module) else { return false }
        return slot.pointee.value.isIdentical(to: value)
    }
}
