/// A name that a program uses on something of the host's: an attribute's, a method's, a keyword's.
///
/// An interpreter has one string for each name, so a host may keep what belongs to a name under its `identity`.
public struct HostName: Hashable, Sendable, CustomStringConvertible {
    private let string: Value

    /// The name of an interned string, which lives as long as the interpreter.
    init(_ string: Value) {
        self.string = string
    }

    /// A number that stands for the name as long as the interpreter lives.
    public var identity: UInt64 { string.bits }

    public var text: String { StringObject(known: string).text }

    /// The name's UTF-8 where it lies, for the interpreter's life.
    public var utf8: UnsafeBufferPointer<UInt8> { StringObject(known: string).bytes }

    public var description: String { text }

    /// The interned string.
    var value: Value { string }

    public static func == (left: HostName, right: HostName) -> Bool { left.identity == right.identity }

    public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}
