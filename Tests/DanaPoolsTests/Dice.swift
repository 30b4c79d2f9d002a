import Synchronization

@testable import DanaPools

/// Seeded random numbers for whoever asks.
final class Dice: Sendable {
    private let random: Mutex<SplitMix>

    init(seed: UInt64) {
        random = Mutex(SplitMix(seed: seed))
    }

    /// A number from 0 to one less than `sides`.
    func roll(_ sides: Int) -> Int {
        random.withLock { .random(in: 0..<sides, using: &$0) }
    }
}
