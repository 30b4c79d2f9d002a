/// What a host sees inside values that have names: structs, enums, modules, exceptions and functions.
extension Interpreter {
    /// The name of a struct instance's type, of an enum member's, or of any other value's.
    public func typeName(of value: Value) -> String {
        if let structure = StructObject(value) { return machine.text(structure.type.at.pointee.name) }
        if let member = EnumMemberObject(value) { return machine.text(member.type.at.pointee.name) }
        if EnumTypeObject(value) != nil { return "enum" }
        return value.typeName
    }

    /// A struct's fields in order, their values borrowed; nil for anything else.
    public func fields(of value: Value) -> [(name: String, value: Value)]? {
        guard let structure = StructObject(value) else { return nil }
        let names = structure.type.fieldNames
        return (0..<structure.count).map { (machine.text(names[unchecked: $0]), structure.fields[$0]) }
    }

    /// An enum member's name and content, borrowed; nil for anything else.
    public func member(_ value: Value) -> (name: String, content: Value)? {
        guard let member = EnumMemberObject(value) else { return nil }
        return (machine.text(member.at.pointee.name), member.at.pointee.content)
    }

    /// The names of the methods of a struct type, or of a struct's type, in the order of their definition.
    public func methodNames(of value: Value) -> [String] {
        guard let type = StructTypeObject(value) ?? StructObject(value)?.type else { return [] }
        let table = ValueTable(table: type.methods.table)
        return (0..<table.places).compactMap { table.entry($0) }.map { machine.text($0.key) }
    }

    /// A value's attribute, as the program itself would read it; the caller's.
    public func attribute(_ name: String, of value: Value) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            try machine.withSite(name) { site throws(DanaError) in try machine.attribute(site, of: value) }
        }
    }

    /// Sets a value's attribute as the program itself would; the new value is borrowed.
    public func setAttribute(_ name: String, of owner: Value, to value: Value) throws(ProgramError) {
        _ = try made { () throws(DanaError) in
            try machine.withSite(name) { site throws(DanaError) in
                try machine.setAttribute(site, of: owner, to: value)
            }
            return .null
        }
    }

    /// A module of this name that has been run, borrowed.
    public func module(_ name: String) -> Value? { machine.modules[name]?.value }

    /// The names of all modules that have been run or made, in order.
    public var moduleNames: [String] { machine.modules.sorted.map(\.name) }

    /// A module's own name; empty for anything else.
    public func moduleName(of value: Value) -> String { ModuleObject(value)?.name ?? "" }

    /// The file or text that a module was run from; nil for what the language brings.
    public func source(ofModule value: Value) -> String? {
        guard let module = ModuleObject(value) else { return nil }
        let code = machine.linked.first { $0.pointee.module.at == module.at }
        return code?.pointee.code.takeUnretainedValue().parts.source.name
    }

    /// What a module's text says of it at its beginning.
    public func documentation(ofModule value: Value) -> String? {
        ModuleObject(value).flatMap { machine.documentation(of: $0) }
    }

    /// The members of an enum, in order, by name.
    public func members(ofEnum value: Value) -> [String] {
        guard let type = EnumTypeObject(value) else { return [] }
        let table = ValueTable(table: type.members.table)
        return (0..<table.places).compactMap { table.entry($0) }.map { machine.text($0.key) }
    }

    /// A value's hash, as dicts use it.
    public func hash(of value: Value) throws(ProgramError) -> Int {
        var hash = 0
        _ = try timed { () throws(DanaError) in
            hash = Int(truncatingIfNeeded: try machine.heap.hash(of: value))
            return .null
        }
        return hash
    }

    /// A function that is the host's to answer under a name, which programs do not find by it; the caller's.
    public func makeHostFunction(_ name: String) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            try machine.defineHostFunction(name)
            guard let slot = try machine.coreSlot(try machine.heap.name(name)) else { return .null }
            return machine.heap.retained(slot.pointee.value)
        }
    }

    /// The names of types that a host may have as its own: those of plain data, and exceptions.
    public static let sharedTypeNames = plainTypes.map(\.name) + ExceptionKind.allCases.map(\.name)
    private static let plainTypes: [BuiltInType] = [
        .bool, .int, .float, .string, .bytes, .list, .tuple, .dict, .set, .frozenSet,
    ]

    /// The name of such a type; nil for any other value.
    public func sharedTypeName(of value: Value) -> String? {
        if let type = TypeObject(value)?.type { return Interpreter.plainTypes.contains(type) ? type.name : nil }
        return ExceptionTypeObject(value)?.exceptionKind.name
    }

    /// The type of such a name, the caller's; nil for any other name.
    public func sharedType(_ name: String) throws(ProgramError) -> Value? {
        var found: Value?
        _ = try made { () throws(DanaError) in
            if let type = Interpreter.plainTypes.first(where: { $0.name == name }) {
                found = machine.heap.retained(try machine.heap.type(type))
            } else if let kind = ExceptionKind.allCases.first(where: { $0.name == name }) {
                found = machine.heap.retained(try machine.heap.exceptionType(kind))
            }
            return .null
        }
        return found
    }

    /// The name by which a function of the host's was registered; nil for other values.
    public func hostFunctionName(of value: Value) -> String? {
        guard let function = HostFunctionObject(value) else { return nil }
        let index = function.at.pointee.index
        return machine.hostFunctions.indices.contains(index) ? machine.hostFunctions[index] : nil
    }

    /// An exception, the caller's, which keeps a handle of this number for the host's own error.
    public func exception(
        _ kind: ExceptionKind, _ message: String, origin: UInt64
    ) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            let error = machine.heap.error(kind, message)
            guard case .raised(let value) = error else { throw error }
            try machine.attach(origin, to: ExceptionObject(known: value))
            return value
        }
    }

    /// Whether a value is of a type as `isinstance` has it.
    public func isInstance(_ value: Value, of type: Value) throws(ProgramError) -> Bool {
        var result = false
        _ = try timed { () throws(DanaError) in
            result = try machine.heap.isInstance(value, of: type)
            return .null
        }
        return result
    }

    /// Whether two values are equal as `==` has it, as far as that needs no call.
    public func areEqual(_ left: Value, _ right: Value) throws(ProgramError) -> Bool {
        var result = false
        _ = try timed { () throws(DanaError) in
            result = try machine.heap.equal(left, right)
            return .null
        }
        return result
    }

    /// The names that a module gives to others: what it exports, or its variables without a leading `_`, in order.
    public func publicNames(ofModule value: Value) -> [String] {
        guard let module = ModuleObject(value) else { return [] }
        let exports = SetObject(module.at.pointee.exports)
        return (0..<module.count).compactMap { number in
            let slot = module.slot(number).pointee
            guard !slot.value.isUndefined else { return nil }
            let name = machine.text(slot.name)
            guard let exports else { return name.hasPrefix("_") ? nil : name }
            return (try? machine.heap.contains(slot.name, in: exports.table)) == true ? name : nil
        }
    }

    /// The names of all of a module's variables.
    public func names(ofModule value: Value) -> [String] {
        guard let module = ModuleObject(value) else { return [] }
        return (0..<module.count).filter { !module.slot($0).pointee.value.isUndefined }.map {
            machine.text(module.slot($0).pointee.name)
        }
    }

    /// Why a module's variable is none for others: it is private, or the module exports others. Nil for one that they
    /// may use.
    public func refusal(
        of name: String, _ variable: Value, ofModule value: Value
    ) throws(ProgramError) -> String? {
        guard let module = ModuleObject(value) else { return nil }
        // Most are neither, and are asked for at each call.
        if name.utf8.first != UInt8(ascii: "_"), module.at.pointee.exports.isNull { return nil }
        var reason: String?
        _ = try made { () throws(DanaError) in
            let name = try machine.heap.name(name)
            reason = machine.privacy(of: name, in: module)
            if reason == nil { reason = try machine.export(of: name, variable, in: module) }
            return .null
        }
        return reason
    }

    /// A module's variable, borrowed, whether it is public or not; nil when there is none.
    public func variable(_ name: String, ofModule value: Value) throws(ProgramError) -> Value? {
        guard let module = ModuleObject(value) else { return nil }
        var found: Value?
        _ = try made { () throws(DanaError) in
            let name = try machine.heap.name(name)
            if let slot = try machine.heap.existingSlot(name, of: module), !slot.pointee.value.isUndefined {
                found = slot.pointee.value
            } else {
                found = try machine.formerVariable(name, of: module)
            }
            return .null
        }
        return found
    }

    /// What a name was remembered for, borrowed; nil where it has to be looked up.
    public func remembered(_ name: String) -> Value? { remembered.value(name, version: machine.moduleChanges) }

    /// Remembers a name for a module's variable, for as long as no module comes or goes.
    public func remember(_ name: String, for variable: String, ofModule module: Value) {
        guard let module = ModuleObject(module), let interned = try? machine.heap.name(variable),
            let slot = try? machine.heap.existingSlot(interned, of: module)
        else { return }
        remembered.set(slot, for: name, version: machine.moduleChanges)
    }

    /// Sets a module's variable to a value that is taken over.
    public func define(_ name: String, as value: Value, inModule module: Value) throws(ProgramError) {
        guard let module = ModuleObject(module) else { return machine.heap.release(value) }
        _ = try made { () throws(DanaError) in
            try machine.define(name, as: value, in: module)
            return .null
        }
    }

    /// Takes a module's variable away; whether there was one.
    public func removeVariable(_ name: String, ofModule value: Value) throws(ProgramError) -> Bool {
        guard let module = ModuleObject(value) else { return false }
        var existed = false
        _ = try made { () throws(DanaError) in
            if let slot = try machine.heap.existingSlot(try machine.heap.name(name), of: module) {
                existed = !slot.pointee.value.isUndefined
                let old = slot.pointee.value
                slot.pointee.value = .undefined
                machine.heap.release(old)
            }
            return .null
        }
        return existed
    }

    /// Gives programs a value, which is taken over, under a name that they may hide but find everywhere.
    public func defineCore(_ name: String, as value: Value) throws(ProgramError) {
        _ = try made { () throws(DanaError) in
            machine.linkLog.append(.defined(name))
            try machine.offer(value, as: name)
            return .null
        }
    }

    /// What the language or the host gives under a name, borrowed.
    public func coreValue(_ name: String) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            guard let slot = try machine.coreSlot(try machine.heap.name(name)) else {
                throw machine.heap.error(.nameError, "name '\(name)' is not defined")
            }
            return slot.pointee.value.isUndefined ? slot.pointee.fallback : slot.pointee.value
        }
    }

    /// A new module without variables, found by imports under its name; borrowed.
    public func makeModule(_ name: String) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            let module = try machine.makeModule(name)
            return module.value
        }
    }

    /// Forgets a module that could not be filled: it is what it was before, or the next import asks the host again.
    public func forgetModule(_ name: String) {
        if let module = machine.modules[name] { machine.forget(module) }
    }

    /// Sets a module aside: the next import of its name asks the host again, and gives the same module new variables.
    /// Whether there was one.
    public func setModuleAside(_ name: String) -> Bool { machine.setAside(name) }

    /// Imports find a module again that was set aside, unless one has been run under its name since.
    public func takeModuleBack(_ name: String) { machine.takeBack(name) }

    /// The variables of a scope, their values borrowed.
    public func variables(of scope: ScopeKind) -> [(name: String, value: Value)] {
        let table = ValueTable(table: machine.scopes[Int(scope.rawValue)].table)
        return (0..<table.places).compactMap { table.entry($0) }.map { (machine.text($0.key), $0.value) }
    }

    /// Sets a variable of a scope to a value that is taken over.
    public func setVariable(_ name: String, of scope: ScopeKind, to value: Value) throws(ProgramError) {
        _ = try made { () throws(DanaError) in
            let held = machine.heap.owned(value)
            let key = machine.heap.retained(try machine.heap.name(name))
            try machine.heap.set(key, to: held.take(), in: machine.scopes[Int(scope.rawValue)])
            return .null
        }
    }

    /// Deletes a variable of a scope; whether there was one.
    public func deleteVariable(_ name: String, of scope: ScopeKind) throws(ProgramError) -> Bool {
        var existed = false
        _ = try made { () throws(DanaError) in
            let key = try machine.heap.name(name)
            let table = machine.scopes[Int(scope.rawValue)].table
            guard let index = try machine.heap.find(key, hash: try machine.heap.hash(of: key), in: table) else {
                return .null
            }
            existed = true
            let (removed, value) = machine.heap.removeEntry(index, of: table)
            machine.heap.release(removed)
            machine.heap.release(value)
            return .null
        }
        return existed
    }

    /// Prepares to run a program as a module that imports find under its name; one that they found before is run anew.
    /// It comes to the module where `gives` says so, else to null.
    public func begin(
        importing program: Compiler.Program, module name: String, gives: Bool
    ) throws(ProgramError) -> Int {
        try machine.begin(importing: program.code, module: name, gives: gives)
    }

    /// Whether an import of this name asks the host: no module has it, and its package is there.
    public func isToBeFound(_ name: String) -> Bool {
        if machine.modules[name] != nil || machine.catalogue.modules.contains(where: { $0.name == name }) {
            return false
        }
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return true }
        return machine.modules[String(name[..<dot])] != nil
    }

    /// The outermost entry that has not ended; nil when nothing is under way.
    public var openEntry: Int? { machine.fibers.first { $0.pointee.parent == nil }?.pointee.entry }

    /// What `repr` or `str` gives for a value, as far as that needs no call of the program's own.
    public func text(of value: Value, isRepr: Bool = true) throws(ProgramError) -> String {
        var text = ""
        _ = try timed { () throws(DanaError) in
            guard let native = isRepr ? machine.builtIns.repr : machine.builtIns.str else { return .null }
            let string = machine.heap.owned(try machine.apply(native, value))
            text = machine.text(string.value)
            return .null
        }
        return text
    }
}
