import DanaData

/// A function's or a module's compiled form: immutable, shared by interpreters and threads.
///
/// The compiler fills a `Code.Parts`; `init` verifies it, so that the machine reads without checking again.
final class Code: Sendable {
    let parts: Parts

    /// The name of functions that the language makes of a pipe's stages.
    static let pipeName = "<pipe>"

    init(_ parts: consuming Parts) throws(CodeFault) {
        self.parts = consume parts
        try CodeVerifier(self).verify()
    }

    /// What a compiled form consists of.
    struct Parts: Sendable {
        /// The name in traces: the function's, `<lambda>`, `<module>`.
        var name = "<module>"
        var documentation: String?
        /// What the text says of the types of parameters, and under `return` of the result.
        var annotations: [String: String] = [:]
        /// Names in them that belong to a function around, so that the module does not know them.
        var hiddenTypes: Set<String> = []
        /// Where the definition begins in the source.
        var start: UInt32 = 0
        var source: SourceText
        var parameters = Parameters()
        var isGenerator = false
        /// The program's functions all check their annotations.
        var isStrict = false
        /// The function makes a struct field's default anew for each instance.
        var isFieldMaker = false

        /// Registers the code uses, the parameters' included; a call's arguments lie among them.
        var registerCount = 0
        var instructions: [Instruction] = []
        /// For each instruction, where in the source it stems from.
        var places: [SourceSpan] = []

        var constants: [Constant] = []
        /// Names that instructions speak of: of scopes' variables, in errors, of methods and imports.
        var names: [String] = []
        /// Names of the module's variables that `getGlobal` and its like use, by slot in this code.
        var globals: [String] = []
        var sites: [AttributeSite] = []
        var keywordNames: [[String]] = []
        /// The functions this code makes.
        var codes: [Code] = []
        /// Where each captured cell comes from when the function is made.
        var captures: [Capture] = []
        /// In order of search: inner ranges before outer ones.
        var handlers: [Handler] = []

        var structs: [StructDescription] = []
        var enums: [EnumDescription] = []
        var interfaces: [InterfaceDescription] = []
        var imports: [ImportDescription] = []
    }

    /// A value known when the program is compiled.
    enum Constant: Equatable, Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        case bigInteger(BigInteger)
        case float(Double)
        case string(String)
        case bytes([UInt8])
        case tuple([Constant])
    }

    /// A range of a source's bytes.
    struct SourceSpan: Equatable, Sendable {
        var start: UInt32
        var end: UInt32
    }

    /// A place in the code that reads, writes or calls an attribute; the interpreter keeps a cache for each.
    struct AttributeSite: Equatable, Sendable {
        var name: String
        /// For `callMethodKeywords`: the names of the last arguments.
        var keywords: [String] = []
    }

    /// Where a new function finds a cell it captures.
    enum Capture: Equatable, Sendable {
        /// In a register of the call that makes the function.
        case register(Int)
        /// Among the making function's own cells.
        case capture(Int)
    }

    /// What happens to an exception raised at an instruction in `start..<end`.
    struct Handler: Equatable, Sendable {
        enum Kind: Sendable {
            /// `except`: R[register] = the exception, then on at `target`. Not for cancellation.
            case catches
            /// `finally`, `with`: the same, for cancellation too. The code there ends with `reraise`.
            case cleansUp
            /// The range is the body of a handler; R[register] holds the exception being handled, which becomes
            /// the context of the one raised. The search goes on.
            case handling
        }

        var kind: Kind
        var start: Int
        var end: Int
        var target: Int
        var register: Int
    }

    struct StructDescription: Equatable, Sendable {
        var name: String
        var fields: [String]
        /// What the text says of the fields' types.
        var annotations: [String] = []
        /// Names in them that belong to a function around, so that the module does not know them.
        var hiddenTypes: Set<String> = []
        var documentation: String?
        /// For each field, whether `makeStruct` takes a type for it.
        var hasType: [Bool]
        /// The fields whose types hold names instead of types that are not there yet.
        var fieldsNamingTypes: [Int] = []
        /// For each field, what `makeStruct` takes as its default.
        var defaults: [FieldDefault]

        enum FieldDefault: Sendable {
            case none
            /// A value.
            case value
            /// A function of no arguments, called for each instance.
            case maker
        }
    }

    struct EnumDescription: Equatable, Sendable {
        var name: String
        var members: [String]
    }

    struct InterfaceDescription: Equatable, Sendable {
        var name: String
        /// Name and number of parameters, the receiver not counted.
        var methods: [Method]
        var fields: [String]

        struct Method: Equatable, Sendable {
            var name: String
            var parameterCount: Int
        }
    }

    /// What an import statement asks of the host.
    struct ImportDescription: Equatable, Sendable {
        /// The dotted name without its ending.
        var name: String
        var form: ImportForm
        /// The number of leading dots.
        var level: Int
    }
}
