/// What a reader of a shared answer is given.
enum SharedPiece: Sendable, Equatable {
    case chunk(ModelChunk)
    case end
    case failure(ModelError)
    /// The reader has left.
    case left
}
