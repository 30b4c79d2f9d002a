import DanaPools
import Glibc

/// What it costs to lease and release where nobody else does: nanoseconds of CPU time a pair, the best of seven rounds.
struct Pairs {
    let number: Int

    func run() async throws {
        let pool = try PoolPeer.pool(size: 1)
        try await pool.withResource { _ in }
        let scoped = try await best { for _ in 0..<number { try await pool.withResource { _ in } } }
        let leased = try await best { for _ in 0..<number { try await pool.lease().release() } }
        let tried = await best { for _ in 0..<number { pool.tryLease()?.release() } }
        let named = try await best { for _ in 0..<number { try await pool.withResource(tenant: "a") { _ in } } }
        print(
            "{\"withResource_ns\": \(scoped), \"lease_ns\": \(leased), \"tryLease_ns\": \(tried), \"tenant_ns\": \(named)}"
        )
    }

    private func best(_ body: () async throws -> Void) async rethrows -> Double {
        var least = UInt64.max
        for _ in 0..<7 {
            let start = PoolPeer.time(CLOCK_PROCESS_CPUTIME_ID)
            try await body()
            least = min(least, PoolPeer.time(CLOCK_PROCESS_CPUTIME_ID) - start)
        }
        return Double(least) / Double(number)
    }
}
