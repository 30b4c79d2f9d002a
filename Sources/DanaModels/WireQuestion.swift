import DanaData

/// A small question to a provider: where it goes, what it says, how its answer is read.
struct WireQuestion<Answer>: Sendable {
    let path: String
    let body: [UInt8]
    /// Throws when the answer is not what the protocol says.
    let read: @Sendable (TapeValue) throws(WireFault) -> Answer
}
