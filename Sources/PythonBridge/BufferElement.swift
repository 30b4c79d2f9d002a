import DanaData

/// A type that elements of a ``PythonBuffer`` can have in memory.
public protocol BufferElement: BitwiseCopyable, Sendable {
    static var bufferClass: BufferClass { get }

    /// The element at a place in memory that someone else has written, aligned or not.
    static func element(at place: UnsafeRawPointer) -> Self

    /// Whether the bytes there, written by someone else, are so many elements as they stand.
    static func areElements(at place: UnsafeRawPointer, count: Int) -> Bool
}

extension BufferElement {
    @inlinable public static func element(at place: UnsafeRawPointer) -> Self { place.loadUnaligned(as: Self.self) }
    @inlinable public static func areElements(at place: UnsafeRawPointer, count: Int) -> Bool { true }
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
    /// Elements in memory that someone else lends, which need not keep to this type's alignment.
    @inlinable @inline(__always)
    static func elements(
        at start: UnsafeRawPointer?, count: Int
    ) throws(PythonError) -> UnsafeBufferPointer<Self> {
        guard let start else { return UnsafeBufferPointer(start: nil, count: 0) }
        guard UInt(bitPattern: start) & UInt(MemoryLayout<Self>.alignment - 1) == 0 else { throw misaligned }
        guard areElements(at: start, count: count) else { throw impure }
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: Self.self), count: count)
    }

    @usableFromInline static var misaligned: PythonError {
        PythonError(.bufferError, "the elements are not aligned as \(Self.self) must be: read a copy with array(of:)")
    }

    @usableFromInline static var impure: PythonError {
        PythonError(.bufferError, "there are elements that \(Self.self) has no form for: read a copy with array(of:)")
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

/// Python takes every byte but zero for true; Swift knows the byte one only.
extension Bool: BufferElement {
    @inlinable public static var bufferClass: BufferClass { .bool }
    @inlinable public static func element(at place: UnsafeRawPointer) -> Bool { place.load(as: UInt8.self) != 0 }
    @inlinable public static func areElements(at place: UnsafeRawPointer, count: Int) -> Bool {
        UnsafeRawBufferPointer(start: place, count: count).allSatisfy { $0 <= 1 }
    }
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
