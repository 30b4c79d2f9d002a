import DanaData

/// A type that elements of a ``PythonBuffer`` can have in memory.
public protocol BufferElement: BitwiseCopyable, Sendable {
    static var bufferClass: BufferClass { get }
}

extension BufferElement {
    /// The format of an element in the notation of Python's `struct`.
    static var pythonFormat: String {
        let size = MemoryLayout<Self>.size
        return switch bufferClass {
        case .signed: size == 1 ? "b" : size == 2 ? "h" : size == 4 ? "i" : "q"
        case .unsigned: size == 1 ? "B" : size == 2 ? "H" : size == 4 ? "I" : "Q"
        case .float: size == 2 ? "e" : size == 4 ? "f" : "d"
        case .bool: "?"
        case .complex: "Zd"
        }
    }
}

extension BufferElement {
    /// The place of elements in memory that someone else lends, which need not keep to this type's alignment.
    @inlinable @inline(__always)
    static func elements(at start: UnsafeRawPointer?) throws(PythonError) -> UnsafePointer<Self>? {
        guard UInt(bitPattern: start) & UInt(MemoryLayout<Self>.alignment - 1) == 0 else { throw misaligned }
        return start?.assumingMemoryBound(to: Self.self)
    }

    @usableFromInline static var misaligned: PythonError {
        PythonError(.bufferError, "the elements are not aligned as \(Self.self) must be: read a copy with array(of:)")
    }
}

/// What a format letter says, apart from the size.
@frozen public enum BufferClass: Sendable {
    case signed, unsigned, float, bool, complex
}

extension BufferElement where Self: SignedInteger {
    @inlinable public static var bufferClass: BufferClass { .signed }
}

extension BufferElement where Self: UnsignedInteger {
    @inlinable public static var bufferClass: BufferClass { .unsigned }
}

extension BufferElement where Self: BinaryFloatingPoint {
    @inlinable public static var bufferClass: BufferClass { .float }
}

extension Bool: BufferElement {
    @inlinable public static var bufferClass: BufferClass { .bool }
}

extension Complex: BufferElement {
    public static var bufferClass: BufferClass { .complex }
}

extension Int: BufferElement {}
extension Int8: BufferElement {}
extension Int16: BufferElement {}
extension Int32: BufferElement {}
extension Int64: BufferElement {}
extension UInt: BufferElement {}
extension UInt8: BufferElement {}
extension UInt16: BufferElement {}
extension UInt32: BufferElement {}
extension UInt64: BufferElement {}
extension Float16: BufferElement {}
extension Float: BufferElement {}
extension Double: BufferElement {}

/// The format of one element, in the notation of Python's `struct`.
@usableFromInline
struct BufferFormat {
    /// What a format of one letter says; nil for `Z`, which needs another, structures, text and padding.
    @inlinable @inline(__always)
    static func kind(ofLetter letter: UInt8) -> BufferClass? {
        switch letter {
        case UInt8(ascii: "d"), UInt8(ascii: "f"), UInt8(ascii: "e"): .float
        case UInt8(ascii: "b"), UInt8(ascii: "h"), UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "q"),
            UInt8(ascii: "n"):
            .signed
        case UInt8(ascii: "B"), UInt8(ascii: "H"), UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "Q"),
            UInt8(ascii: "N"), UInt8(ascii: "c"):
            .unsigned
        case UInt8(ascii: "?"): .bool
        default: nil
        }
    }

    let kind: BufferClass
    /// Whether its bytes are in the order of this machine.
    let isNative: Bool

    /// Nil for structures, text and padding.
    init?(_ text: String) {
        var letters = text[...]
        var isNative = true
        if let mark = letters.first, "@=<>!".contains(mark) {
            letters.removeFirst()
            let isLittle = 1.littleEndian == 1
            isNative = mark == "<" ? isLittle : mark == ">" || mark == "!" ? !isLittle : true
        }
        if letters == "Zf" || letters == "Zd" {
            kind = .complex
        } else if letters.utf8.count == 1, let kind = letters.utf8.first.flatMap(Self.kind(ofLetter:)) {
            self.kind = kind
        } else {
            return nil
        }
        self.isNative = isNative
    }

    func fits<Element: BufferElement>(_ type: Element.Type, size: Int) -> Bool {
        size == MemoryLayout<Element>.size && Element.bufferClass == kind && (isNative || size == 1)
    }
}
