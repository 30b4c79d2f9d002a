import DanaData

/// A type that elements of a ``PythonBuffer`` can have in memory.
public protocol BufferElement: BitwiseCopyable, Sendable {
    static var bufferClass: BufferClass { get }
}

/// What a format letter says, apart from the size.
public enum BufferClass: Sendable {
    case signed, unsigned, float, bool, complex
}

extension BufferElement where Self: SignedInteger {
    public static var bufferClass: BufferClass { .signed }
}

extension BufferElement where Self: UnsignedInteger {
    public static var bufferClass: BufferClass { .unsigned }
}

extension BufferElement where Self: BinaryFloatingPoint {
    public static var bufferClass: BufferClass { .float }
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
extension Float: BufferElement {}
extension Double: BufferElement {}

/// The format of one element, in the notation of Python's `struct`.
struct BufferFormat {
    let kind: BufferClass
    /// Whether its bytes are in the order of this machine.
    let isNative: Bool

    /// Nil for structures, text and padding.
    init?(_ text: String) {
        var letters = text.utf8[...]
        var isNative = true
        var hasMark = true
        let isLittle = 1.littleEndian == 1
        switch letters.first {
        case UInt8(ascii: "<"): isNative = isLittle
        case UInt8(ascii: ">"), UInt8(ascii: "!"): isNative = !isLittle
        case UInt8(ascii: "@"), UInt8(ascii: "="): break
        default: hasMark = false
        }
        if hasMark { letters.removeFirst() }
        let isComplex = letters.count == 2 && letters.first == UInt8(ascii: "Z")
        guard let letter = letters.last, letters.count == 1 || isComplex else { return nil }
        switch Unicode.Scalar(letter) {
        case "f" where isComplex, "d" where isComplex: kind = .complex
        case _ where isComplex: return nil
        case "b", "h", "i", "l", "q", "n": kind = .signed
        case "B", "H", "I", "L", "Q", "N", "c": kind = .unsigned
        case "e", "f", "d": kind = .float
        case "?": kind = .bool
        default: return nil
        }
        self.isNative = isNative
    }

    func fits<Element: BufferElement>(_ type: Element.Type, size: Int) -> Bool {
        size == MemoryLayout<Element>.size && Element.bufferClass == kind && (isNative || size == 1)
    }
}
