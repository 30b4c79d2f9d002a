/// A catalogue's built-ins as one interpreter calls them.
struct NativeLinker {
    private(set) var all: [UnsafeMutablePointer<LinkedNative>] = []
    private(set) var functions: [(name: String, native: UnsafePointer<LinkedNative>)] = []
    private(set) var constructors: [BuiltInType: UnsafePointer<LinkedNative>] = [:]
    private(set) var str: UnsafePointer<LinkedNative>?
    private(set) var repr: UnsafePointer<LinkedNative>?
    private(set) var ascii: UnsafePointer<LinkedNative>?
    private(set) var format: UnsafePointer<LinkedNative>?

    init(catalogue: NativeCatalogue) {
        for function in catalogue.functions { functions.append((function.name, link(function))) }
        for (type, constructor) in catalogue.constructors { constructors[type] = link(constructor) }
        str = catalogue.str.map { link($0) }
        repr = catalogue.repr.map { link($0) }
        ascii = catalogue.ascii.map { link($0) }
        format = catalogue.format.map { link($0) }
    }

    mutating func link(_ function: NativeFunction) -> UnsafePointer<LinkedNative> {
        let native = NativeLinker.link(function)
        all.append(native)
        return UnsafePointer(native)
    }

    static func link(_ function: NativeFunction) -> UnsafeMutablePointer<LinkedNative> {
        let native = UnsafeMutablePointer<LinkedNative>.allocate(capacity: 1)
        native.initialize(to: LinkedNative(function))
        return native
    }

    func end() {
        for native in all {
            native.pointee.defaults.deallocate()
            native.deinitialize(count: 1)
            native.deallocate()
        }
    }
}

extension Machine {
    /// A built-in by its name; nil when there is none.
    func native(named name: String) -> UnsafePointer<LinkedNative>? {
        natives.first { $0.pointee.function.name == name }.map { UnsafePointer($0) }
    }

    /// A built-in linked later than the catalogue's functions; it lives as long as the machine.
    func linkNative(_ function: NativeFunction) -> UnsafePointer<LinkedNative> {
        let native = NativeLinker.link(function)
        natives.append(native)
        return UnsafePointer(native)
    }

    /// Makes the tables of built-in types' members.
    func installMembers(_ natives: NativeLinker) throws(DanaError) {
        for (type, members) in catalogue.members { typeTables[Int(type.rawValue)] = try table(members) }
        for (type, members) in catalogue.typeMembers { staticTables[Int(type.rawValue)] = try table(members) }
        exceptionTable = try table(catalogue.exceptionMembers)
        enumTable = try table(catalogue.enumMembers)
        structTable = try table(catalogue.structMembers)
        for kind in ObjectKind.allCases {
            let type: BuiltInType? =
                switch kind {
                case .boxedFloat: .float
                case .bigInt: .int
                case .string: .string
                case .bytes: .bytes
                case .list: .list
                case .tuple: .tuple
                case .dict: .dict
                case .range: .range
                case .generator: .generator
                case .iterator: .iterator
                default: nil
                }
            if let type { tablesByKind[Int(kind.rawValue)] = typeTables[Int(type.rawValue)]?.identity }
        }
        tablesByKind[Int(ObjectKind.exception.rawValue)] = exceptionTable?.identity
        tablesByKind[Int(ObjectKind.enumMember.rawValue)] = enumTable?.identity
    }

    private func table(_ members: [String: NativeCatalogue.Member]) throws(DanaError) -> MemberTable {
        var linked: [UInt64: MemberTable.Member] = [:]
        for (text, member) in members {
            let name = try heap.name(text)
            switch member {
            case .method(let function): linked[name.bits] = .method(linkNative(function))
            case .property(let function): linked[name.bits] = .property(linkNative(function))
            case .prelude(let function): linked[name.bits] = .prelude(try heap.name(function))
            }
        }
        return MemberTable(members: linked)
    }

    /// Gives the core module the built-in functions, types and exception kinds.
    func installCore(_ natives: NativeLinker) throws(DanaError) {
        for (name, native) in natives.functions { try defineBuiltIn(name, as: try nativeValue(native)) }
        for type in BuiltInType.allCases where natives.constructors[type] != nil || type == .any {
            try defineBuiltIn(type.name, as: heap.retained(heap.type(type)))
        }
        for kind in ExceptionKind.allCases where kind != .cancelledError {
            try defineBuiltIn(kind.name, as: heap.retained(heap.exceptionType(kind)))
        }
    }

    /// Gives an owned built-in its name in the core module, where a core function of that name goes before it.
    private func defineBuiltIn(_ name: String, as value: Value) throws(DanaError) {
        let held = heap.owned(value)
        let slot = try heap.slot(try heap.name(name), of: core, fallback: .undefined)
        let old = slot.pointee.fallback
        slot.pointee.fallback = held.take()
        heap.release(old)
    }

    /// Gives the host's function a name that every module finds.
    func defineHostFunction(_ name: String) throws(DanaError) {
        try define(name, as: try hostFunction(named: name), in: core)
    }

    /// A function whose calls are the host's to answer under a name, owned.
    func hostFunction(named name: String) throws(DanaError) -> Value {
        let function = try heap.allocate(HostFunctionObject.self)
        function.at.pointee.index = hostFunctions.count
        hostFunctions.append(name)
        return function.value
    }
}
