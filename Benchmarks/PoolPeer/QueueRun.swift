import DanaPools
import Glibc
import Synchronization

/// Many clients, all waiting at once for two resources and asking again as soon as they were served, a tenth of them
/// cancelled while they wait; beside it the same served by an ideal first-come-first-served queue.
struct QueueRun {
    let waiters: Int
    let leases: Int
    let microseconds: Int

    private static let size = 2

    /// Requests that are to be cancelled, oldest first.
    private final class Victims: Sendable {
        private let tasks = Mutex<[Task<Bool, Never>]>([])

        func add(_ task: Task<Bool, Never>) {
            tasks.withLock { $0.append(task) }
        }

        func cancelOne() {
            let task = tasks.withLock { $0.popLast() }
            task?.cancel()
        }
    }

    func run() async throws {
        let pool = try PoolPeer.pool(size: Self.size, queue: 2 * waiters)
        let rounds = max(1, leases / waiters)
        let victims = Victims()
        var gate: [Lease<Int>] = []
        for _ in 0..<Self.size { gate.append(try await pool.lease()) }
        let began = PoolPeer.time(CLOCK_MONOTONIC)
        let clients = (0..<waiters).map { number in
            Task { await client(number, rounds: rounds, pool: pool, victims: victims) }
        }
        while pool.statistics.waiting < waiters { await Task.yield() }
        let opened = PoolPeer.time(CLOCK_MONOTONIC)
        for lease in gate { lease.release() }
        var records: [[Record]] = []
        for client in clients { records.append(await client.value) }
        let ended = PoolPeer.time(CLOCK_MONOTONIC)
        report(records, pool.statistics, gathering: opened - began, serving: ended - opened, opened: opened)
    }

    private func client(
        _ number: Int, rounds: Int, pool: ResourcePool<Int>, victims: Victims
    ) async -> [Record] {
        var records: [Record] = []
        for round in 0..<rounds {
            if (number &+ round) % 10 == 9 && round > 0 {
                let victim = Task { await asksInVain(pool) }
                victims.add(victim)
                records.append(Record(wasCancelled: await !victim.value))
                continue
            }
            var record = Record(asked: PoolPeer.time(CLOCK_MONOTONIC))
            let span = UInt64(microseconds) * UInt64(500 + (number &* 7_919 &+ round &* 104_729) % 1_000)
            let isServed: Void? = try? await pool.withResource { _ in
                record.began = PoolPeer.time(CLOCK_MONOTONIC)
                while PoolPeer.time(CLOCK_MONOTONIC) < record.began + span {}
                record.ended = PoolPeer.time(CLOCK_MONOTONIC)
            }
            record.isLost = isServed == nil
            records.append(record)
            victims.cancelOne()
        }
        return records
    }

    /// True when it got a resource before it was cancelled.
    private func asksInVain(_ pool: ResourcePool<Int>) async -> Bool {
        (try? await pool.withResource { _ in }) != nil
    }

    /// One request and what became of it.
    struct Record: Sendable {
        var asked: UInt64 = 0
        var began: UInt64 = 0
        var ended: UInt64 = 0
        var wasCancelled = false
        var isLost = false
    }

    private func report(
        _ records: [[Record]], _ statistics: PoolStatistics, gathering: UInt64, serving: UInt64, opened: UInt64
    ) {
        let all = records.joined()
        let served = all.filter { $0.asked > 0 }
        let waits = served.map { max($0.began, opened) - max($0.asked, opened) }.sorted()
        let ideal = FirstComeFirstServed(servers: Self.size).waits(records.map { $0.filter { $0.asked > 0 } }).sorted()
        let lost = served.count { $0.isLost } + leases / waiters * waiters - all.count
        let figures: [(String, String)] = [
            ("requests", "\(all.count)"), ("served", "\(served.count)"),
            ("cancelled", "\(all.count { $0.wasCancelled })"),
            ("lost", "\(lost)"), ("leased_at_end", "\(statistics.leased)"), ("waiting_at_end", "\(statistics.waiting)"),
            ("idle_at_end", "\(statistics.idle)"), ("gather_s", "\(Double(gathering) / 1e9)"),
            ("serve_s", "\(Double(serving) / 1e9)"), ("wait_p50_s", "\(percentile(waits, 50))"),
            ("wait_p99_s", "\(percentile(waits, 99))"), ("ideal_p50_s", "\(percentile(ideal, 50))"),
            ("ideal_p99_s", "\(percentile(ideal, 99))"),
            ("p99_ratio", "\(percentile(waits, 99) / percentile(ideal, 99))"),
        ]
        print("{" + figures.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
    }

    private func percentile(_ sorted: [UInt64], _ percent: Int) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, sorted.count * percent / 100)]) / 1e9
    }
}
