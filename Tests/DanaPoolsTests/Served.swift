import Synchronization

/// Who was served, in order.
final class Served: Sendable {
    private let served = Mutex<[Int]>([])

    var numbers: [Int] { served.withLock { $0 } }

    func add(_ number: Int) {
        served.withLock { $0.append(number) }
    }
}
