/// One thing linked while a program ran.
enum LinkEntry {
    case program(SourceText, isStrict: Bool, module: Int, name: String)
    case native(module: String)
    /// A core function of the prelude, which may have come with a program before.
    case core(String)
    case own(OwnCode)
    case hostFunction(String)
    /// A module that the host made.
    case module(String)
    /// A value of the host's in the core module.
    case defined(String)

    func isNative(_ name: String) -> Bool {
        if case .native(name) = self { return true }
        return false
    }
}

/// A program in a module, as the key to its linked form.
struct LinkedProgram: Hashable {
    let code: ObjectIdentifier
    let module: UInt

    init(_ code: Code, _ module: ModuleObject) {
        self.code = ObjectIdentifier(code)
        self.module = UInt(bitPattern: module.at)
    }

    private init(_ code: ObjectIdentifier, _ module: UInt) {
        self.code = code
        self.module = module
    }

    /// The same program in the other one of two modules where it is in one of them.
    func exchanging(_ one: ModuleObject, _ other: ModuleObject) -> LinkedProgram {
        let (first, second) = (UInt(bitPattern: one.at), UInt(bitPattern: other.at))
        return LinkedProgram(code, module == first ? second : module == second ? first : module)
    }
}
