import Synchronization

/// Gives out small numbers, each to one at a time.
final class SlotNumbers: Sendable {
    private let taken = Mutex<Set<Int>>([])

    /// The smallest number that nobody has.
    func take() -> Int {
        taken.withLock { taken in
            var number = 0
            while !taken.insert(number).inserted { number += 1 }
            return number
        }
    }

    func giveBack(_ number: Int) { _ = taken.withLock { $0.remove(number) } }
}
