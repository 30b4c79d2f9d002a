/// A `Code` as one interpreter runs it: its constants as heap values, its names interned, its caches. It lives as
/// long as the interpreter.
struct LinkedCode {
    let instructions: UnsafePointer<Instruction>
    let constants: UnsafePointer<Value>
    let names: UnsafePointer<Value>
    /// The module's slot for each of the code's globals.
    let globalSlots: UnsafePointer<Int32>
    let sites: UnsafeMutablePointer<AttributeCache>
    let keywordSites: UnsafeMutablePointer<KeywordCache>
    /// The linked forms of the nested codes.
    let codes: UnsafePointer<UnsafeMutablePointer<LinkedCode>>

    let registerCount: Int
    /// Registers that arguments fill.
    let parameterCount: Int
    /// The number of positional arguments a simple call has; -1 when the parameters need binding.
    let simpleCount: Int
    let defaultCount: Int
    let captureCount: Int
    let isGenerator: Bool
    /// The code's number in the interpreter, which errors and saved programs use.
    let number: Int
    let code: Unmanaged<Code>
}

/// What an attribute site found last time.
struct AttributeCache {
    /// Interned.
    let name: Value
    /// A tuple of interned names, or null.
    let keywords: Value
    /// The struct type, the module or the method table for which the rest holds; nil when nothing is cached.
    var owner: UnsafeMutableRawPointer?
    /// The struct type's version.
    var version: Int
    /// The field's or slot's number.
    var index: Int
    /// The method: borrowed from the owner, which the version guards.
    var function: Value
}

/// How the keywords of a call site were bound last time.
struct KeywordCache {
    /// A tuple of interned names.
    let names: Value
    /// The code for which the binding holds; nil when nothing is cached.
    var code: UnsafeMutablePointer<LinkedCode>?
    /// For each keyword, the register of its parameter.
    let registers: UnsafeMutablePointer<UInt16>
}
