import DanaPools
import Glibc

/// Measures the pool for the benchmark and prints JSON: `pool-peer pairs NUMBER` or
/// `pool-peer queue WAITERS LEASES MICROSECONDS`.
@main enum PoolPeer {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.dropFirst().compactMap { Int($0) }.filter { $0 > 0 }
        switch (arguments.first, numbers.count) {
        case ("pairs", 1): try await Pairs(number: numbers[0]).run()
        case ("queue", 3):
            try await QueueRun(waiters: numbers[0], leases: numbers[1], microseconds: numbers[2]).run()
        default:
            print("usage: pool-peer pairs NUMBER | queue WAITERS LEASES MICROSECONDS")
            exit(2)
        }
    }

    static func time(_ clock: clockid_t) -> UInt64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }

    /// A pool of numbers.
    static func pool(size: Int, queue: Int = 10_000) throws -> ResourcePool<Int> {
        var limits = PoolLimits()
        limits.maxSize = size
        limits.queueBound = queue
        limits.acquisitionTimeout = .seconds(3_600)
        return try ResourcePool(name: "peer", limits: limits, hooks: PoolHooks(make: { 1 }))
    }
}
