import DanaData
import PythonBridge
import ValueGenerator

/// Random tapes of every kind of node that needs no class of Python's.
extension Generator {
    /// Appends one value. Keys and elements of sets are texts, told apart by a number in front: others may be equal
    /// to Python that differ on a tape.
    mutating func appendValue(to builder: inout TapeBuilder, depth: Int) {
        guard depth > 0, chance(1, in: 2) else { return appendScalar(to: &builder) }
        let count = Int.random(in: 0...4, using: &self)
        switch Int.random(in: 0..<5, using: &self) {
        case 0:
            builder.beginList()
            for _ in 0..<count { appendValue(to: &builder, depth: depth - 1) }
        case 1:
            builder.beginTuple()
            for _ in 0..<count { appendValue(to: &builder, depth: depth - 1) }
        case 2:
            builder.beginDict()
            for number in 0..<count {
                builder.appendString("\(number)" + text(upTo: 5))
                appendValue(to: &builder, depth: depth - 1)
            }
        case 3:
            // One element at most: Python has its own order.
            builder.beginSet()
            if count > 0 { builder.append(integer()) }
        default:
            builder.beginFrozenSet()
            if count > 0 { builder.append(identifier()) }
        }
        builder.end()
    }

    private mutating func appendScalar(to builder: inout TapeBuilder) {
        switch Int.random(in: 0..<20, using: &self) {
        case 0: builder.appendNull()
        case 1: builder.appendBool(chance(1, in: 2))
        case 2: builder.appendInt(integer(of: Int64.self))
        case 3: builder.append(integer())
        case 4: builder.appendDouble(double())
        case 5: builder.append(complex())
        case 6: builder.appendString(text())
        case 7: (text().utf8 + [0xed, 0xa0, 0x80]).withUnsafeBytes { builder.appendSurrogateString(wtf8: $0) }
        case 8: bytes(upTo: 40).withUnsafeBytes { builder.appendBytes($0) }
        case 9: bytes(upTo: 40).withUnsafeBytes { builder.appendByteArray($0) }
        case 10: builder.append(path())
        case 11: builder.append(identifier())
        case 12:
            builder.beginRange()
            for part in [integer(of: Int64.self), integer(of: Int64.self), 3] { builder.appendInt(part) }
            builder.end()
        default: appendExact(to: &builder)
        }
    }

    private mutating func appendExact(to builder: inout TapeBuilder) {
        switch Int.random(in: 0..<7, using: &self) {
        case 0: if let value = date() { return builder.append(value) }
        case 1: if let value = time() { return builder.append(value) }
        case 2: if let value = moment() { return builder.append(value) }
        case 3: if let value = delta() { return builder.append(value) }
        case 4: if let value = zone() { return builder.append(value) }
        case 5: if let value = decimal() { return builder.append(value) }
        default: if let value = fraction() { return builder.append(value) }
        }
        builder.appendNull()
    }
}
