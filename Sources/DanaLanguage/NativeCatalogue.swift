import Synchronization

/// Everything a program finds without importing: built-in functions, methods by type, modules, blocked names and
/// the prelude written in Dana. Immutable and shared by all interpreters.
final class NativeCatalogue: Sendable {
    /// What an attribute of a built-in type is.
    enum Member: Sendable {
        case method(NativeFunction)
        /// Read as `x.name`; the function gets the receiver alone.
        case property(NativeFunction)
        /// A function of the prelude whose first parameter is the receiver.
        case prelude(String)
    }

    /// A module that a program imports: `math`, `json`.
    struct Module: Sendable {
        let name: String
        var functions: [NativeFunction] = []
        var constants: [(name: String, value: Code.Constant)] = []
        /// Functions that ask the host, by their names in the module; the host sees `module.name`, without the
        /// underscores that keep a name to the module's prelude.
        var hostFunctions: [String] = []
        /// Dana text whose functions join the module's.
        var prelude: SourceText?
        /// The capability a context needs to import it; nil for none.
        var capability: String?
    }

    /// A name that a program must not use, and why.
    struct BlockedName: Sendable {
        let name: String
        /// `arbitrary code`, `introspection`, ...
        let reasonClass: String
        let explanation: String
        /// What to write instead.
        let alternative: String
    }

    /// In order of their names' appearance in help.
    let functions: [NativeFunction]
    /// By type, then by name.
    let members: [BuiltInType: [String: Member]]
    /// What stands on a type itself: `dict.fromkeys`.
    let typeMembers: [BuiltInType: [String: Member]]
    let exceptionMembers: [String: Member]
    let enumMembers: [String: Member]
    let structMembers: [String: Member]
    /// What calling a type does: `int("4")`.
    let constructors: [BuiltInType: NativeFunction]
    let modules: [Module]
    let blockedNames: [BlockedName]
    /// Dana text whose functions are core functions of every program.
    let prelude: SourceText?
    /// What f-strings and errors call: `str(x)`, `repr(x)`, `ascii(x)`, `format(x, spec)`.
    let str: NativeFunction?
    let repr: NativeFunction?
    let ascii: NativeFunction?
    let format: NativeFunction?
    private let linkedForm = Mutex<LinkedCatalogue?>(nil)

    init(
        functions: [NativeFunction] = [], members: [BuiltInType: [String: Member]] = [:],
        typeMembers: [BuiltInType: [String: Member]] = [:],
        exceptionMembers: [String: Member] = [:], enumMembers: [String: Member] = [:],
        structMembers: [String: Member] = [:], constructors: [BuiltInType: NativeFunction] = [:],
        modules: [Module] = [], blockedNames: [BlockedName] = [], prelude: SourceText? = nil,
        str: NativeFunction? = nil, repr: NativeFunction? = nil, ascii: NativeFunction? = nil,
        format: NativeFunction? = nil
    ) {
        self.functions = functions
        self.members = members
        self.typeMembers = typeMembers
        self.exceptionMembers = exceptionMembers
        self.enumMembers = enumMembers
        self.structMembers = structMembers
        self.constructors = constructors
        self.modules = modules
        self.blockedNames = blockedNames
        self.prelude = prelude
        self.str = str
        self.repr = repr
        self.ascii = ascii
        self.format = format
    }

    /// The built-ins as interpreters call them, linked at the first use.
    var linked: LinkedCatalogue {
        linkedForm.withLock { form in
            if let form { return form }
            let linked = LinkedCatalogue(self)
            form = linked
            return linked
        }
    }
}
