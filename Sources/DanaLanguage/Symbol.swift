/// A name of a program, interned: two symbols of one tree are the same name exactly when they are equal.
/// The language's own words have the same symbols in every tree.
public struct Symbol: Hashable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable public static var none: Symbol { Symbol(rawValue: -1) }

    @inlinable public var isNone: Bool { rawValue < 0 }

    /// The symbol, or nil for `none`.
    @inlinable public var ifPresent: Symbol? { rawValue < 0 ? nil : self }
}
