/// What a Dana iterator gives, asked for one at a time.
public struct DanaIteration: AsyncSequence, Sendable {
    public typealias Element = DanaValue

    private let reference: ValueReference

    init(_ reference: ValueReference) { self.reference = reference }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let reference: ValueReference
        var isAtEnd = false

        public mutating func next() async throws -> DanaValue? {
            if isAtEnd { return nil }
            do {
                return try await reference.core.next(of: reference.value)
            } catch let failure as DanaFailure where failure.cause == .raised(.stopIteration) {
                isAtEnd = true
                return nil
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reference: reference) }
}
