import Synchronization

/// The seeds of hashes, one for each interpreter, which nobody outside the process can foresee.
enum HashSeeds {
    private static let secret = SealKey.random()
    private static let count = Atomic<UInt64>(0)

    static func next() -> UInt64 {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return withUnsafeBytes(of: number) { Seal(of: $0, key: secret).low }
    }
}
