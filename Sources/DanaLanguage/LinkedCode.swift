/// A `Code` as one interpreter runs it: its constants as heap values, its names interned, its caches. It lives as
/// long as the interpreter.
struct LinkedCode {
    let instructions: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Value>
    let names: UnsafeMutablePointer<Value>
    /// The module's slot for each of the code's globals.
    let globals: UnsafeMutablePointer<UnsafeMutablePointer<ModuleObject.Slot>>
    let sites: UnsafeMutablePointer<AttributeCache>
    let keywords: UnsafeMutablePointer<KeywordCache>
    /// The linked forms of the nested codes.
    let codes: UnsafeMutablePointer<UnsafeMutablePointer<LinkedCode>>
    /// The names of the parameters, interned, and then those of `*args` and `**kwargs`.
    let parameterNames: UnsafeMutablePointer<Value>

    let instructionCount: Int
    let registerCount: Int
    /// The number of positional arguments a simple call has; -1 when the parameters need binding.
    let simpleCount: Int
    let shape: ParameterShape
    let defaultCount: Int
    let isGenerator: Bool
    let isFieldMaker: Bool
    /// Whether leaving the code in its middle may leave something undone: a `finally`, a `with`.
    let hasHandlers: Bool
    /// The module whose variables the code reads; the interpreter holds it.
    var module: ModuleObject
    /// The code's number in the interpreter, which traces use.
    let number: Int
    let code: Unmanaged<Code>

    /// How many values a function of the code holds: defaults and captured cells.
    var valueCount: Int { defaultCount + code.takeUnretainedValue().parts.captures.count }
}

/// The numbers of a code's parameters, which binding arguments needs.
struct ParameterShape {
    let positionalCount: Int
    let positionalOnlyCount: Int
    let positionalDefaults: Int
    /// Positional and keyword-only parameters.
    let nameCount: Int
    /// The register of `*args`, or -1.
    let restRegister: Int
    /// The register of `**kwargs`, or -1.
    let keywordRestRegister: Int
    /// For each keyword-only parameter, the number of its default, or -1.
    let keywordDefaults: UnsafeMutablePointer<Int>
}

/// What an attribute site found last time.
struct AttributeCache {
    enum Found: UInt8 {
        case nothing
        /// A struct's field or a module's slot, by `index`.
        case place
        /// A Dana function that takes the receiver first.
        case method
        /// A built-in that takes the receiver first.
        case native
    }

    /// Values that a field of a type takes at once; others are checked.
    enum Accepted: UInt8 {
        case any, integer, float, text

        /// Nil for a type whose values are always checked; the type may be null, for none.
        init?(_ type: Value) {
            if type.isNull {
                self = .any
                return
            }
            switch TypeObject(type)?.type {
            case .int: self = .integer
            case .float: self = .float
            case .string: self = .text
            default: return nil
            }
        }

        @inline(__always) func takes(_ value: Value) -> Bool {
            switch self {
            case .any: true
            case .integer: value.isSmallInteger
            case .float: value.isInlineFloat
            case .text: value.isObject(.string)
            }
        }
    }

    /// Interned.
    let name: Value
    /// For a call with keywords.
    let keywords: UnsafeMutablePointer<KeywordCache>
    /// The struct type, module or table of members for which the rest holds.
    var owner: UnsafeMutableRawPointer?
    /// The struct type's version.
    var version = 0
    var found = Found.nothing
    /// What the place takes without a closer look.
    var accepts = Accepted.any
    var index = 0
    /// Borrowed from the owner, which the version guards.
    var function = Value.null
    var native: UnsafePointer<LinkedNative>?
}

/// The keywords of a call site, and how they were bound last time.
struct KeywordCache {
    /// Interned.
    let names: UnsafeMutablePointer<Value>
    let count: Int
    /// For each keyword, the register of its parameter.
    let registers: UnsafeMutablePointer<Int>
    /// The code for which the binding holds.
    var code: UnsafeMutablePointer<LinkedCode>?
}
