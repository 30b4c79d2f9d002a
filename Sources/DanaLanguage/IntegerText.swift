/// The decimal digits of a machine integer, with its sign, in memory of its own.
struct IntegerText {
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var start: Int

    init(_ integer: Int) {
        var left = integer.magnitude
        var position = 24
        withUnsafeMutableBytes(of: &words) { bytes in
            repeat {
                position &-= 1
                bytes[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: left % 10)
                left /= 10
            } while left > 0
            if integer < 0 {
                position &-= 1
                bytes[position] = UInt8(ascii: "-")
            }
        }
        start = position
    }

    var count: Int { 24 - start }

    func withView(_ body: (ByteView) -> Void) {
        withUnsafeBytes(of: words) { bytes in
            body(ByteView(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[start..<24])))
        }
    }
}

extension Heap {
    /// The decimal digits of an integer as a string, owned.
    func string(decimal integer: Int) throws(DanaError) -> Value {
        if integer >= 0 && integer < 10 {
            return retained(try character(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: integer)))
        }
        let digits = IntegerText(integer)
        return try string(bytes: digits.count, scalars: digits.count) { start in
            digits.withView { view in
                for index in 0..<view.count { start[index] = view[index] }
            }
        }.value
    }
}
