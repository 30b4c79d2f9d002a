/// A complex number of two doubles. Equality and hash are by bits, so that nothing is lost on the
/// way: a NaN equals itself and 0.0 differs from -0.0.
public struct Complex: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    public let real: Double
    public let imaginary: Double

    public init(real: Double, imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    public static func == (left: Complex, right: Complex) -> Bool {
        left.real.bitPattern == right.real.bitPattern && left.imaginary.bitPattern == right.imaginary.bitPattern
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(real.bitPattern)
        hasher.combine(imaginary.bitPattern)
    }

    public var description: String {
        "(\(real)\(imaginary.sign == .minus && !imaginary.isNaN ? "" : "+")\(imaginary)j)"
    }
}

extension TapeBuilder {
    public mutating func append(_ value: Complex) {
        push(TapeHeader(.complex).bits)
        push(value.real.bitPattern, value.imaginary.bitPattern)
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readComplex() -> Complex {
        _ = take(.complex)
        position &+= 3
        return Complex(
            real: Double(bitPattern: storage.word(position &- 2)),
            imaginary: Double(bitPattern: storage.word(position &- 1)))
    }
}

extension TapeValue {
    public var complex: Complex? { read(.complex) { $0.readComplex() } }
}
