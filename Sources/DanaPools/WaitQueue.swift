/// Who waits for a resource, and who is next. Within a priority each tenant has a lane, first come first served, and
/// the lanes take turns. Between priorities the earliest arrival goes first, counted as if each higher priority had
/// come `ageing` earlier than the next lower one. A tenant that holds as much as it may is passed over.
///
/// Every step takes the same time however many wait; deadlines cost the logarithm of their number.
struct WaitQueue {
    /// A request's place in memory. Free places make a list by `next`, waiting ones a lane's by `next` and `previous`.
    private struct Place {
        enum State {
            case free
            /// Announced and not yet waiting. Becomes `waiting`, `withdrawn` or `free`.
            case announced
            /// Cancelled before it waited: a tombstone for the step that would have it wait. Becomes `free`.
            case withdrawn
            case waiting
        }
        var state = State.free
        var number: UInt64 = 0
        var lane = 0
        var since = PoolTime.start
        var next = -1
        var previous = -1
    }

    /// The requests of one tenant and one priority, and the lane's neighbours in the priority's round when it takes
    /// part: when it is not empty and its tenant may have more.
    private struct Lane {
        var first = -1
        var last = -1
        var takesPart = false
        var next = -1
        var previous = -1
    }

    private static let priorities = PoolPriority.allCases.count

    private let bound: Int
    private let ageing: UInt64
    private var places: ContiguousArray<Place> = []
    private var free = -1
    private var last: UInt64 = 0
    private var tenants: TenantTable
    private var lanes = ContiguousArray(repeating: Lane(), count: priorities)
    /// Whose turn it is in each priority; -1 when nobody takes part.
    private var turns = ContiguousArray(repeating: -1, count: priorities)
    private var deadlines = DeadlineHeap()

    /// How many wait.
    private(set) var count = 0
    /// How many of them could be lent something by their tenants' shares.
    private(set) var eligible = 0

    init(bound: Int, ageing: UInt64, share: Int?) {
        self.bound = bound
        self.ageing = ageing
        tenants = TenantTable(share: share)
    }

    var isFull: Bool { count >= bound }

    // MARK: Tenants

    /// The tenant of this name, who stays until `drop` finds nothing of it.
    mutating func tenant(_ name: String?) -> Int {
        let tenant = tenants.find(name)
        let needed = (tenant + 1) * Self.priorities
        while lanes.count < needed { lanes.append(Lane()) }
        return tenant
    }

    /// Whether the tenant may hold one more.
    func hasRoom(_ tenant: Int) -> Bool { tenants.room(tenant) > 0 }

    /// The tenant was lent a resource.
    mutating func lend(to tenant: Int) {
        change(tenant) { $0.held += 1 }
    }

    /// The tenant has returned a resource.
    mutating func takeBack(from tenant: Int) {
        change(tenant) { $0.held -= 1 }
        tenants.drop(tenant)
    }

    /// Forgets a tenant that was looked up in vain.
    mutating func drop(_ tenant: Int) {
        tenants.drop(tenant)
    }

    /// Changes a tenant's figures and lets its lanes take part, or not, as they then may.
    private mutating func change(_ tenant: Int, _ change: (inout TenantTable.Tenant) -> Void) {
        let before = tenants.eligible(tenant)
        let hadRoom = hasRoom(tenant)
        tenants.change(tenant, change)
        eligible += tenants.eligible(tenant) - before
        guard hasRoom(tenant) != hadRoom else { return }
        for priority in 0..<Self.priorities {
            let lane = tenant * Self.priorities + priority
            if hadRoom { leaveRound(lane) } else if lanes[lane].first >= 0 { joinRound(lane) }
        }
    }

    // MARK: Requests

    /// Keeps a place for a request that is about to wait.
    mutating func announce(tenant: Int, priority: PoolPriority) -> WaiterID {
        var index = free
        if index < 0 {
            index = places.count
            places.append(Place())
        } else {
            free = places[index].next
        }
        last += 1
        places[index] = Place(state: .announced, number: last, lane: tenant * Self.priorities + priority.rawValue)
        tenants.change(tenant) { $0.announced += 1 }
        return WaiterID(index: index, number: last)
    }

    /// The announced request waits; false when it was cancelled before, and is gone.
    mutating func wait(_ waiter: WaiterID, until deadline: PoolTime, now: PoolTime) -> Bool {
        guard holds(waiter), places[waiter.index].state == .announced else {
            forget(waiter)
            return false
        }
        let lane = places[waiter.index].lane
        places[waiter.index].state = .waiting
        places[waiter.index].since = now
        places[waiter.index].previous = lanes[lane].last
        if lanes[lane].last >= 0 {
            places[lanes[lane].last].next = waiter.index
        } else {
            lanes[lane].first = waiter.index
        }
        lanes[lane].last = waiter.index
        count += 1
        change(lane / Self.priorities) {
            $0.announced -= 1
            $0.waiting += 1
        }
        if !lanes[lane].takesPart && hasRoom(lane / Self.priorities) { joinRound(lane) }
        if deadline < .never { deadlines.add(deadline, waiter) }
        return true
    }

    /// An announced request's place is given up; nothing happens when it waits or is gone.
    mutating func forget(_ waiter: WaiterID) {
        guard holds(waiter), places[waiter.index].state != .waiting else { return }
        let tenant = places[waiter.index].lane / Self.priorities
        tenants.change(tenant) { $0.announced -= 1 }
        tenants.drop(tenant)
        release(waiter.index)
    }

    /// The request is cancelled: true when it waited, and is gone. One that does not wait yet never will.
    mutating func cancel(_ waiter: WaiterID) -> Bool {
        guard holds(waiter) else { return false }
        if places[waiter.index].state == .waiting {
            remove(waiter.index)
            return true
        }
        places[waiter.index].state = .withdrawn
        return false
    }

    /// Takes out whoever is next, to whose tenant that lends; with the tenant and the time since when it waited.
    mutating func next() -> (waiter: WaiterID, tenant: Int, since: PoolTime)? {
        var best: (lane: Int, rank: UInt64)?
        for priority in (0..<Self.priorities).reversed() where turns[priority] >= 0 {
            let lane = turns[priority]
            let below = UInt64(Self.priorities - 1 - priority)
            let (head, overflows) = ageing.multipliedReportingOverflow(by: below)
            let rank = places[lanes[lane].first].since.later(by: overflows ? .max : head).nanoseconds
            if best.map({ rank < $0.rank }) ?? true { best = (lane, rank) }
        }
        guard let lane = best?.lane else { return nil }
        let index = lanes[lane].first
        let found = (id(index), lane / Self.priorities, places[index].since)
        turns[lane % Self.priorities] = lanes[lane].next
        lend(to: found.1)  // before its request goes, so that the tenant stays known
        remove(index)
        return found
    }

    /// Takes out one whose deadline is reached, with the time since when it waited.
    mutating func nextExpired(at now: PoolTime) -> (waiter: WaiterID, since: PoolTime)? {
        guard let first = firstDeadline(), first.time <= now else { return nil }
        let since = places[first.waiter.index].since
        remove(first.waiter.index)
        return (first.waiter, since)
    }

    /// Takes out all, in the order in which they came.
    mutating func removeAll() -> [WaiterID] {
        let waiting = places.indices.filter { places[$0].state == .waiting }.map { id($0) }
        for waiter in waiting { remove(waiter.index) }
        return waiting.sorted { $0.number < $1.number }
    }

    /// The earliest deadline of those who wait.
    mutating func earliestDeadline() -> PoolTime { firstDeadline()?.time ?? .never }

    // MARK: Memory

    private func id(_ index: Int) -> WaiterID { WaiterID(index: index, number: places[index].number) }

    private func holds(_ waiter: WaiterID) -> Bool {
        places.indices.contains(waiter.index) && places[waiter.index].number == waiter.number
            && places[waiter.index].state != .free
    }

    private mutating func release(_ index: Int) {
        places[index] = Place(next: free)
        free = index
    }

    private mutating func remove(_ index: Int) {
        let place = places[index]
        if place.previous >= 0 {
            places[place.previous].next = place.next
        } else {
            lanes[place.lane].first = place.next
        }
        if place.next >= 0 {
            places[place.next].previous = place.previous
        } else {
            lanes[place.lane].last = place.previous
        }
        release(index)
        if lanes[place.lane].first < 0 { leaveRound(place.lane) }
        count -= 1
        change(place.lane / Self.priorities) { $0.waiting -= 1 }
        tenants.drop(place.lane / Self.priorities)
        let places = places
        deadlines.trim(live: count) { places[$0.index].number == $0.number }
    }

    private mutating func firstDeadline() -> (time: PoolTime, waiter: WaiterID)? {
        while let first = deadlines.first {
            if holds(first.waiter) { return first }
            deadlines.removeFirst()
        }
        return nil
    }

    // MARK: Rounds

    /// The lane takes part, last in its priority's round.
    private mutating func joinRound(_ lane: Int) {
        guard !lanes[lane].takesPart else { return }
        lanes[lane].takesPart = true
        let priority = lane % Self.priorities
        let turn = turns[priority]
        guard turn >= 0 else {
            lanes[lane].next = lane
            lanes[lane].previous = lane
            turns[priority] = lane
            return
        }
        let before = lanes[turn].previous
        lanes[lane].next = turn
        lanes[lane].previous = before
        lanes[before].next = lane
        lanes[turn].previous = lane
    }

    private mutating func leaveRound(_ lane: Int) {
        guard lanes[lane].takesPart else { return }
        lanes[lane].takesPart = false
        let (next, previous) = (lanes[lane].next, lanes[lane].previous)
        lanes[previous].next = next
        lanes[next].previous = previous
        let priority = lane % Self.priorities
        if turns[priority] == lane { turns[priority] = next == lane ? -1 : next }
    }
}
