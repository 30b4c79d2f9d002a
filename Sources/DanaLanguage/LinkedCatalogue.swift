/// A catalogue's built-ins as interpreters call them: linked once, immutable, and shared by all interpreters.
final class LinkedCatalogue: @unchecked Sendable {
    // Safe because nothing changes after the initialiser, and what is linked holds immediate values only.

    /// What a name of the core module stands for before a program uses it.
    enum CoreName {
        /// A function of the prelude: a code whose body defines it.
        case prelude(Code)
        case native(UnsafePointer<LinkedNative>)
        case type(BuiltInType)
        case exception(ExceptionKind)
    }

    /// What programs find without importing it.
    let coreNames: [String: CoreName]
    /// The functions of each module.
    let moduleFunctions: [String: [UnsafePointer<LinkedNative>]]
    /// By the raw value of `BuiltInType`.
    let constructors: UnsafeMutablePointer<UnsafePointer<LinkedNative>?>
    let typeTables: [MemberTable?]
    let staticTables: [MemberTable?]
    let exceptionTable: MemberTable
    let enumTable: MemberTable
    let structTable: MemberTable
    /// By the raw value of `ObjectKind`, the identity of the table of each kind that has one table.
    let tablesByKind: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let str: UnsafePointer<LinkedNative>?
    let repr: UnsafePointer<LinkedNative>?
    let ascii: UnsafePointer<LinkedNative>?
    let format: UnsafePointer<LinkedNative>?
    /// Every built-in; of those with one name, the first linked.
    private let natives: [String: UnsafePointer<LinkedNative>]
    private let all: [UnsafeMutablePointer<LinkedNative>]

    init(_ catalogue: NativeCatalogue) {
        var linker = Linker()
        var names: [String: CoreName] = [:]
        for function in catalogue.functions + [OwnCode.fanOut] { names[function.name] = .native(linker.link(function)) }
        constructors = .allocate(capacity: BuiltInType.allCases.count)
        constructors.initialize(repeating: nil, count: BuiltInType.allCases.count)
        for type in BuiltInType.allCases {
            if let constructor = catalogue.constructors[type] {
                constructors[Int(type.rawValue)] = linker.link(constructor)
            } else if type != .any {
                continue
            }
            names[type.name] = .type(type)
        }
        for kind in ExceptionKind.allCases where kind != .cancelledError {
            names[kind.name] = .exception(kind)
        }
        for (name, kind) in ExceptionKind.otherNames { names[name] = .exception(kind) }
        if let prelude = catalogue.prelude {
            for (name, code) in PreludeCode.functions(of: prelude) { names[name] = .prelude(code) }
        }
        coreNames = names
        str = catalogue.str.map { linker.link($0) }
        repr = catalogue.repr.map { linker.link($0) }
        ascii = catalogue.ascii.map { linker.link($0) }
        format = catalogue.format.map { linker.link($0) }
        typeTables = BuiltInType.allCases.map { type in catalogue.members[type].map { linker.table($0) } }
        staticTables = BuiltInType.allCases.map { type in catalogue.typeMembers[type].map { linker.table($0) } }
        exceptionTable = linker.table(catalogue.exceptionMembers)
        enumTable = linker.table(catalogue.enumMembers)
        structTable = linker.table(catalogue.structMembers)
        tablesByKind = .allocate(capacity: 256)
        tablesByKind.initialize(repeating: nil, count: 256)
        let types = typeTables
        for kind in ObjectKind.allCases {
            let table: MemberTable? =
                switch kind {
                case .exception: exceptionTable
                case .enumMember: enumTable
                default: LinkedCatalogue.onlyType(of: kind).flatMap { types[Int($0.rawValue)] }
                }
            tablesByKind[Int(kind.rawValue)] = table?.identity
        }
        moduleFunctions = Dictionary(
            catalogue.modules.map { module in (module.name, module.functions.map { linker.link($0) }) },
            uniquingKeysWith: { first, _ in first })
        natives = linker.natives
        all = linker.all
    }

    deinit {
        for native in all {
            native.pointee.defaults.deallocate()
            native.deinitialize(count: 1)
            native.deallocate()
        }
        constructors.deallocate()
        tablesByKind.deallocate()
    }

    /// A built-in by its whole name; nil when there is none.
    func native(named name: String) -> UnsafePointer<LinkedNative>? { natives[name] }

    /// The built-in type that all objects of a kind have; nil when there is none or there are several.
    private static func onlyType(of kind: ObjectKind) -> BuiltInType? {
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
    }

    /// Collects what is linked.
    private struct Linker {
        private(set) var natives: [String: UnsafePointer<LinkedNative>] = [:]
        private(set) var all: [UnsafeMutablePointer<LinkedNative>] = []

        mutating func link(_ function: NativeFunction) -> UnsafePointer<LinkedNative> {
            let native = UnsafeMutablePointer<LinkedNative>.allocate(capacity: 1)
            native.initialize(to: LinkedNative(function))
            all.append(native)
            if natives[function.name] == nil { natives[function.name] = UnsafePointer(native) }
            return UnsafePointer(native)
        }

        mutating func table(_ members: [String: NativeCatalogue.Member]) -> MemberTable {
            var linked: [String: MemberTable.Member] = [:]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                switch member {
                case .method(let function): linked[name] = .method(link(function))
                case .property(let function): linked[name] = .property(link(function))
                case .prelude(let function): linked[name] = .prelude(function)
                }
            }
            return MemberTable(members: linked)
        }
    }
}
