/// A stream whose answer has begun: what came up to the first piece of the answer itself, and what is still to come.
struct BegunStream: ModelStream.Source {
    private var first: ArraySlice<ModelChunk> = []
    private var rest: ModelStream.AsyncIterator
    let isCached: Bool

    /// Returns when the answer has begun, or has ended without anything in it.
    init(_ stream: ModelStream) async throws(ModelError) {
        rest = stream.makeAsyncIterator()
        isCached = stream.isCached
        while let chunk = try await rest.next() {
            first.append(chunk)
            if chunk.isContent { break }
        }
    }

    var ending: (@Sendable () -> Void)? { rest.ending }

    nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
        if let chunk = first.popFirst() { return chunk }
        return try await rest.next()
    }
}
