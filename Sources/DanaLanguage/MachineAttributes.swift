/// Attributes: fields and methods of structs, variables of modules, methods of built-in types. Nothing else has any.
extension Machine {
    /// The identity of the table in which a value's type has its members; nil for structs, modules and the like.
    @inline(__always) func memberTable(of value: Value) -> UnsafeMutableRawPointer? {
        if value.isObject {
            let kind = value.object.pointee.kind
            if kind != .set && kind != .dictView { return tablesByKind[Int(kind.rawValue)] }
        }
        return members(of: value)?.identity
    }

    /// The table of a value's members.
    func members(of value: Value) -> MemberTable? {
        if let type = value.builtInType { return builtIns.typeTables[Int(type.rawValue)] }
        switch value.objectKind {
        case .exception: return builtIns.exceptionTable
        case .enumMember: return builtIns.enumTable
        case .structure: return builtIns.structTable
        default: return nil
        }
    }

    /// A member by its interned name; nil when the table has none of that name.
    private func member(_ name: Value, of table: MemberTable?) -> MemberTable.Member? {
        guard let table else { return nil }
        let key = MemberKey(table: table.identity, name: name.bits)
        if let found = membersFound[key] { return found }
        let found = table.members[text(name)]
        membersFound[key] = .some(found)
        return found
    }

    /// `owner.name`, owned; the site remembers where it was found.
    @inline(never) func attribute(_ site: UnsafeMutablePointer<AttributeCache>, of owner: Value) throws(DanaError)
        -> Value
    {
        let name = site.pointee.name
        switch owner.objectKind {
        case .structure:
            let structure = StructObject(known: owner)
            if let index = fieldIndex(name, structure.type) {
                remember(site, owner: structure.type.at, found: .place, index: index)
                return heap.retained(structure.fields[index])
            }
            if let function = try heap.value(under: name, in: structure.type.methods) {
                return try bound(function, to: owner)
            }
        case .module:
            let module = ModuleObject(known: owner)
            if let value = try variable(name, of: module, site) { return heap.retained(value) }
            if text(name) == "__doc__" {
                return try documentation(of: module).map { text throws(DanaError) in try heap.string(text).value }
                    ?? .null
            }
            throw heap.attributeError("module '\(module.name)' has no attribute '\(text(name))'")
        case .enumType:
            let type = EnumTypeObject(known: owner)
            if let member = try heap.value(under: name, in: type.members) { return heap.retained(member) }
        case .type:
            if let native = try staticMember(name, of: TypeObject(known: owner).type) { return native }
        case .structType:
            let type = StructTypeObject(known: owner)
            if let function = try heap.value(under: name, in: type.methods) { return heap.retained(function) }
        case .tuple:
            if let item = heap.item(named: text(name), of: TupleObject(known: owner)) { return heap.retained(item) }
        default: break
        }
        switch member(name, of: members(of: owner)) {
        case .method(let native): return try bound(try nativeValue(native), to: owner, takesFunction: true)
        case .property(let native): return try apply(native, owner)
        case .prelude(let function): return try bound(try preludeFunction(function), to: owner)
        case nil:
            // What a type makes values with is also found at its values.
            if let type = owner.builtInType,
                case .method(let native)? = member(name, of: builtIns.staticTables[Int(type.rawValue)])
            {
                return try nativeValue(native)
            }
            throw owner.isObject(.hostHandle) ? .handle : noAttribute(name, owner)
        }
    }

    /// A module's public variable, borrowed; nil when it has none of that name.
    private func variable(_ name: Value, of module: ModuleObject, _ site: UnsafeMutablePointer<AttributeCache>)
        throws(DanaError) -> Value?
    {
        if let reason = privacy(of: name, in: module) { throw heap.attributeError(reason) }
        guard let number = try heap.value(under: name, in: DictObject(known: module.at.pointee.numbers)) else {
            return try formerVariable(name, of: module)
        }
        let value = module.slot(number.smallInteger).pointee.value
        if value.isUndefined { return try formerVariable(name, of: module) }
        if let reason = try export(of: name, value, in: module) { throw heap.attributeError(reason) }
        remember(site, owner: module.at, found: .place, index: number.smallInteger)
        return value
    }

    private func remember(
        _ site: UnsafeMutablePointer<AttributeCache>, owner: UnsafeMutableRawPointer, found: AttributeCache.Found,
        index: Int = 0
    ) {
        site.pointee.owner = owner
        site.pointee.found = found
        site.pointee.index = index
    }

    /// The number of a struct's field.
    func fieldIndex(_ name: Value, _ type: StructTypeObject) -> Int? {
        type.fieldNames.items.firstIndex { $0.isIdentical(to: name) }
    }

    private func noAttribute(_ name: Value, _ owner: Value) -> DanaError {
        if let type = TypeObject(owner) {
            return heap.attributeError("type object '\(type.type.name)' has no attribute '\(text(name))'")
        }
        if let type = EnumTypeObject(owner) {
            return heap.attributeError("enum '\(text(type.at.pointee.name))' has no member '\(text(name))'")
        }
        return heap.attributeError("'\(owner.typeName)' object has no attribute '\(text(name))'")
    }

    /// A method as a value, owned.
    private func bound(_ function: Value, to receiver: Value, takesFunction: Bool = false) throws(DanaError) -> Value {
        let held = takesFunction ? heap.owned(function) : Owned(retaining: function, heap: heap)
        let method = try heap.allocate(BoundMethodObject.self)
        method.at.pointee.receiver = heap.retained(receiver)
        method.at.pointee.function = held.take()
        return method.value
    }

    /// A built-in as a value, owned.
    func nativeValue(_ native: UnsafePointer<LinkedNative>) throws(DanaError) -> Value {
        let object = try heap.allocate(NativeObject.self)
        object.at.pointee.native = native
        return object.value
    }

    /// `str.upper`: a type's own function, or a method that takes the receiver as an argument; owned.
    private func staticMember(_ name: Value, of type: BuiltInType) throws(DanaError) -> Value? {
        if case .method(let native)? = member(name, of: builtIns.staticTables[Int(type.rawValue)]) {
            return try nativeValue(native)
        }
        switch member(name, of: builtIns.typeTables[Int(type.rawValue)]) {
        case .method(let native): return try nativeValue(native)
        case .prelude(let function): return heap.retained(try preludeFunction(function))
        case .property, nil: return nil
        }
    }

    /// Calls a leaf of at most four parameters with one borrowed argument.
    func apply(_ native: UnsafePointer<LinkedNative>, _ argument: Value) throws(DanaError) -> Value {
        var slots = (argument, Value.undefined, Value.undefined, Value.undefined)
        return try withUnsafeMutablePointer(to: &slots) { slots throws(DanaError) in
            let arguments = UnsafeMutableRawPointer(slots).assumingMemoryBound(to: Value.self)
            return try LinkedNative.run(native, arguments, heap)
        }
    }

    /// `owner.name = value`; the value is borrowed.
    @inline(never)
    func setAttribute(_ site: UnsafeMutablePointer<AttributeCache>, of owner: Value, to value: Value) throws(DanaError)
    {
        guard let structure = StructObject(owner) else {
            if owner.isObject(.hostHandle) { throw .handle }
            if let exception = ExceptionObject(owner), try set(text(site.pointee.name), of: exception, to: value) {
                return
            }
            if owner.isObject(.range), ["start", "stop", "step"].contains(text(site.pointee.name)) {
                throw heap.attributeError("readonly attribute")
            }
            throw heap.attributeError(
                "'\(owner.typeName)' object has no settable attribute '\(text(site.pointee.name))'")
        }
        guard let index = fieldIndex(site.pointee.name, structure.type) else {
            throw noAttribute(site.pointee.name, owner)
        }
        let type = structure.type.fieldTypes[unchecked: index]
        let accepted = AttributeCache.Accepted(type)
        // What the site takes at once costs no ticks the first time either.
        if accepted?.takes(value) != true { try check(value, is: type) { "field '\(self.text(site.pointee.name))'" } }
        if let accepted {
            remember(site, owner: structure.type.at, found: .place, index: index)
            site.pointee.accepts = accepted
        }
        heap.store(heap.retained(value), in: structure.fields + index)
    }

    /// Does something with a site of this name that remembers nothing.
    func withSite<Result>(
        _ name: String, _ deed: (UnsafeMutablePointer<AttributeCache>) throws(DanaError) -> Result
    ) throws(DanaError) -> Result {
        var site = AttributeCache(name: try heap.name(name), keywords: try enterSite().pointee.keywords)
        return try withUnsafeMutablePointer(to: &site) { site throws(DanaError) in try deed(site) }
    }

    // MARK: Calls of methods

    /// Fails as `attribute` does, before the arguments of a method call are evaluated; the site remembers a method.
    func requireAttribute(_ site: UnsafeMutablePointer<AttributeCache>, of owner: Value) throws(DanaError) {
        let name = site.pointee.name
        if let structure = StructObject(owner) {
            if try heap.value(under: name, in: structure.type.methods) != nil {
                remember(site, owner: structure.type.at, found: .method)
                site.pointee.version = structure.type.at.pointee.version
                return
            }
        } else if owner.objectKind != .module && owner.objectKind != .type {
            if let table = members(of: owner), member(name, of: table) != nil {
                return remember(site, owner: table.identity, found: .native)
            }
            if HostHandleObject(owner) != nil { return }
        }
        _ = heap.owned(try attribute(site, of: owner))
    }

    func callMethod(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let frame = fiber.pointee.frame
        let site = frame.pointee.code.pointee.sites + i.c
        return try callMethod(site, keywords: nil, register: i.a, count: i.b, fiber)
    }

    func callMethodKeywords(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep
    {
        let site = fiber.pointee.frame.pointee.code.pointee.sites + i.c
        return try callMethod(
            site, keywords: site.pointee.keywords, register: i.a, count: i.b, fiber)
    }

    /// Calls a method of the receiver in `register`; the arguments follow it.
    func callMethod(
        _ site: UnsafeMutablePointer<AttributeCache>, keywords: UnsafeMutablePointer<KeywordCache>?, register: Int,
        count: Int, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let receiver = base[register]
        let registers = register..<(register + count + 1)
        let withReceiver = CallArguments(
            start: base + register, count: count + 1, keywords: keywords,
            origin: .registers(first: register, isDirect: true))
        let name = site.pointee.name
        if let structure = StructObject(receiver) {
            if fieldIndex(name, structure.type) == nil,
                let function = try heap.value(under: name, in: structure.type.methods)
            {
                remember(site, owner: structure.type.at, found: .method)
                site.pointee.version = structure.type.at.pointee.version
                site.pointee.function = function
                return try invoke(function, withReceiver, registers: registers, fiber)
            }
        } else if receiver.objectKind != .module && receiver.objectKind != .type {
            let table = members(of: receiver)
            switch member(name, of: table) {
            case .method(let native):
                remember(site, owner: table.unsafelyUnwrapped.identity, found: .native)
                site.pointee.native = native
                return try callNative(native, withReceiver, registers, fiber)
            case .prelude(let function):
                return try invoke(try preludeFunction(function), withReceiver, registers: registers, fiber)
            case .property, nil: break
            }
            if let handle = HostHandleObject(receiver), member(name, of: table) == nil {
                return try callHandle(handle, site, withReceiver, registers, fiber)
            }
        }
        let callee = heap.owned(try attribute(site, of: receiver))
        let arguments = CallArguments(
            start: base + (register + 1), count: count, keywords: keywords,
            origin: .registers(first: register + 1, isDirect: true))
        return try invoke(callee.value, arguments, registers: registers, fiber)
    }

    /// `with`: R[A] = R[B].__enter__().
    func enter(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        if let lacking = try lackingForWith(base[i.b]) {
            throw heap.typeError(
                "'\(base[i.b].typeName)' object does not support the context manager protocol\(lacking)")
        }
        heap.store(heap.retained(base[i.b]), in: base + i.a)
        return try callMethod(try enterSite(), keywords: nil, register: i.a, count: 0, fiber)
    }

    /// What an error says that a value lacks to be the manager of a `with`; nil when it lacks nothing that is known.
    private func lackingForWith(_ value: Value) throws(DanaError) -> String? {
        guard let structure = StructObject(value) else {
            return value.isObject(.hostHandle) || value.isObject(.module) ? nil : ""
        }
        if try !has(try enterSite(), structure) { return "" }
        return try has(try exitSite(), structure) ? nil : " (missed __exit__ method)"
    }

    private func has(_ site: UnsafeMutablePointer<AttributeCache>, _ structure: StructObject) throws(DanaError) -> Bool
    {
        let name = site.pointee.name
        return try heap.value(under: name, in: structure.type.methods) != nil || fieldIndex(name, structure.type) != nil
    }

    /// `with`: R[A] = R[B].__exit__(kind, exception, null).
    func leave(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let exception = i.c == Int(Instruction.none) ? .null : base[i.c]
        heap.store(heap.retained(base[i.b]), in: base + i.a)
        heap.store(heap.retained(try type(of: exception)), in: base + i.a + 1)
        if exception.isNull { heap.store(.null, in: base + i.a + 1) }
        heap.store(heap.retained(exception), in: base + i.a + 2)
        heap.store(.null, in: base + i.a + 3)
        return try callMethod(try exitSite(), keywords: nil, register: i.a, count: 3, fiber)
    }
}
