/// Where the elements of a strided block lie, in the order of their indexes: the last dimension varies fastest.
struct StridedOffsets: Sequence, IteratorProtocol {
    private let shape: [Int]
    private let strides: [Int]
    private var place: [Int]
    private var offset = 0
    private var isAtEnd: Bool

    /// The strides count what the offsets are to count: bytes or elements.
    init(shape: [Int], strides: [Int]) {
        self.shape = shape
        self.strides = strides
        place = [Int](repeating: 0, count: shape.count)
        isAtEnd = shape.contains { $0 <= 0 } || strides.count != shape.count
    }

    var underestimatedCount: Int { isAtEnd ? 0 : shape.reduce(1, *) }

    mutating func next() -> Int? {
        guard !isAtEnd else { return nil }
        let current = offset
        for dimension in shape.indices.reversed() {
            place[dimension] += 1
            offset += strides[dimension]
            if place[dimension] < shape[dimension] { return current }
            offset -= place[dimension] * strides[dimension]
            place[dimension] = 0
        }
        isAtEnd = true
        return current
    }
}
