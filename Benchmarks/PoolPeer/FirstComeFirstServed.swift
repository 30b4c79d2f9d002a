/// An ideal queue before a few servers: no request costs anything but its service.
struct FirstComeFirstServed {
    let servers: Int

    /// How long each request waits. Every client asks at the beginning, and again when it was served; its requests take
    /// as long as they took in truth.
    func waits(_ clients: [[QueueRun.Record]]) -> [UInt64] {
        var queue = clients.indices.map { (client: $0, round: 0, asked: UInt64(0)) }
        var first = 0
        var free = Array(repeating: UInt64(0), count: servers)
        var waits: [UInt64] = []
        while first < queue.count {
            let (client, round, asked) = queue[first]
            first += 1
            guard clients[client].indices.contains(round) else { continue }
            let server = free.indices.min { free[$0] < free[$1] } ?? 0
            let begins = max(asked, free[server])
            waits.append(begins - asked)
            free[server] = begins + clients[client][round].ended - clients[client][round].began
            queue.append((client, round + 1, free[server]))
        }
        return waits
    }
}
