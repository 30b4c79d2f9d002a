/// Where a name lives: what the resolver says about each node that reads or sets a name.
public struct Binding: Hashable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// The node is no use of a variable.
        case none
        /// A register of the function that the node stands in.
        case local
        /// A cell that the function makes, at an index of `FunctionScope.cells`.
        case cell
        /// A cell that the function got when it was made, at an index of `FunctionScope.freeVariables`.
        case free
        /// A variable of the module, at an index of `Resolution.moduleNames`. One that is unset when it
        /// is read is looked up as `global`.
        case module
        /// A name that the module never sets: what an import put there, then core, then built-in. The
        /// index is the symbol.
        case global
        /// The node opens a function, at an index of `Resolution.functions`.
        case function
    }

    private let bits: UInt32

    public init(_ kind: Kind, _ index: Int, mayBeUnset: Bool = false) {
        bits = UInt32(truncatingIfNeeded: index) << 4 | (mayBeUnset ? 8 : 0) | UInt32(kind.rawValue)
    }

    public static var none: Binding { Binding(.none, 0) }

    public var kind: Kind { Kind(rawValue: UInt8(bits & 7)) ?? .none }
    public var index: Int { Int(bits >> 4) }

    /// Whether a local or a cell may be without a value here, so that reading it needs a check.
    public var mayBeUnset: Bool { bits & 8 != 0 }
}
