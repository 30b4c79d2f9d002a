/// Counts the ticks of one interpreter and says, at every two thousandth and whenever a limit could be reached,
/// whether it may go on.
struct Meter {
    /// Ticks left until the next look; the machine and the natives count it down.
    var countdown = 0

    private var stride = 0
    private var usedBefore = 0
    private var sliceEnd = 0
    private var limits: Limits
    private let clock: Clock?
    private let cancellation: Cancellation
    /// Execution time used before the present run, and the clock's reading when that first looked; nil before.
    private var executionBefore: UInt64 = 0
    private var runBegan: UInt64?
    /// The rough clock's reading when the present run began; nil where its time is not counted yet, or no more.
    private var shortRunBegan: UInt64?
    private var isRunning = false
    /// Runs of what is under way: many short ones add up.
    private var runs = 0
    private var cleanup: Cleanup?

    /// What the cleanup under way may use up.
    private struct Cleanup {
        let ticks: Int
        /// The clock's reading at which it must have ended; nil without a clock.
        let deadline: UInt64?
    }

    init(limits: Limits, clock: Clock?, cancellation: Cancellation) {
        self.limits = limits
        self.clock = clock
        self.cancellation = cancellation
    }

    /// Ticks used by what is under way.
    var used: Int { usedBefore + (stride - countdown) }
    /// Ticks used by all that went before.
    private(set) var usedInAll = 0

    enum Look {
        case goOn
        case sliceOver
    }

    /// The machine starts to run, for at most `slice` ticks.
    mutating func runBegins(slice: Int) {
        settle()
        sliceEnd = usedBefore.addingReportingOverflow(slice).overflow ? Int.max : usedBefore + slice
        isRunning = true
        runs &+= 1
        // What ends within its first stride costs no look at the clock, and counts as no time. From there on each run is
        // timed from its beginning, however short it is: roughly, as many that take less than a step of the clock come
        // to as many steps as they take.
        if usedBefore > limits.stride || runs > limits.stride { shortRunBegan = clock?.roughNow() }
        // What the host did for it may have used the time up.
        guard !watchesTime, !hasUsedTime else { return }
        begin(min(limits.stride, limits.ticks - usedBefore, slice))
    }

    /// The host does something between two runs, whose time counts as theirs does; false within a run, which counts it.
    mutating func hostBegins() -> Bool {
        guard !isRunning else { return false }
        settle()
        sliceEnd = Int.max
        isRunning = true
        return true
    }

    mutating func runEnds() {
        settle()
        countShortRun()
        if let clock, let runBegan { executionBefore += clock.now() &- runBegan }
        runBegan = nil
        isRunning = false
    }

    /// The host begins something while nothing else is under way: what one entry may use is counted anew.
    mutating func entryBegins() {
        settle()
        usedInAll += usedBefore
        usedBefore = 0
        executionBefore = 0
        runs = 0
        cleanup = nil
    }

    /// The machine begins to unwind for a cancellation: cleanup has its own bounded ticks and time from here.
    mutating func cleanupBegins() {
        settle()
        guard cleanup == nil else { return }
        let ticks = usedBefore.addingReportingOverflow(limits.cleanupTicks)
        let deadline = clock.map { $0.now().addingReportingOverflow(limits.cleanupTime) }
        cleanup = Cleanup(
            ticks: ticks.overflow ? .max : ticks.partialValue,
            deadline: deadline.map { $0.overflow ? .max : $0.partialValue })
    }

    /// Whether there is a moment at which everything ends, waits included.
    @inline(__always) var watchesTime: Bool { limits.deadline != nil || cleanup != nil }

    /// Whether the runs before this one used all of the time up.
    @inline(__always) var hasUsedTime: Bool { executionBefore >= limits.executionTime }

    /// The time limit that is over, waits included.
    var passedLimit: LimitKind? {
        guard let clock else { return nil }
        if watchesTime, let limit = passedLimit(at: clock.now()) { return limit }
        return hasUsedTime ? .executionTime : nil
    }

    private func passedLimit(at now: UInt64) -> LimitKind? {
        if let deadline = limits.deadline, now >= deadline { return .deadline }
        if let deadline = cleanup?.deadline, now >= deadline { return .cleanup }
        return nil
    }

    /// Nanoseconds that the cleanup under way has left; nil where nothing cleans up.
    var remainingCleanup: UInt64? {
        guard let deadline = cleanup?.deadline, let clock else { return nil }
        let now = clock.now()
        return deadline > now ? deadline - now : 0
    }

    /// What was cancelled has ended, and what it ran inside goes on.
    mutating func cleanupEnds() {
        settle()
        cleanup = nil
    }

    /// Looks at every limit and sets the next stride.
    mutating func look() throws(DanaError) -> Look {
        settle()
        if usedBefore >= limits.ticks { throw .limit(.ticks) }
        if let cleanup {
            if usedBefore >= cleanup.ticks { throw .limit(.cleanup) }
        } else if cancellation.isCancelled {
            throw .cancelled
        }
        try checkTime()
        if usedBefore >= sliceEnd { return .sliceOver }
        var next = min(limits.stride, limits.ticks - usedBefore, sliceEnd - usedBefore)
        if let cleanup { next = min(next, cleanup.ticks - usedBefore) }
        begin(next)
        return .goOn
    }

    /// Looks at what may end a run at any moment and counts nothing: for long work of the machine's own.
    /// Between runs there is nothing to end.
    mutating func poll() throws(DanaError) {
        guard isRunning else { return }
        if cleanup == nil && cancellation.isCancelled { throw .cancelled }
        try checkTime()
    }

    /// Counts the time of the present run up to its first look.
    @inline(__always) private mutating func countShortRun() {
        guard let shortRunBegan, let clock else { return }
        executionBefore += clock.roughNow() &- shortRunBegan
        self.shortRunBegan = nil
    }

    private mutating func checkTime() throws(DanaError) {
        guard let clock else { return }
        countShortRun()
        let now = clock.now()
        if let limit = passedLimit(at: now) { throw .limit(limit) }
        guard isRunning else { return }
        let began = runBegan ?? now
        runBegan = began
        if executionBefore + (now &- began) >= limits.executionTime { throw .limit(.executionTime) }
    }

    /// The next look comes after so many ticks.
    private mutating func begin(_ ticks: Int) {
        stride = max(ticks, 0)
        countdown = stride
    }

    /// Begins with ticks that were used before the program was saved.
    mutating func restore(used: Int) {
        settle()
        usedBefore = used
    }

    /// The slice ends at the next tick.
    mutating func endSlice() {
        sliceEnd = min(sliceEnd, used)
        lookSoon()
    }

    /// The next tick looks.
    mutating func lookSoon() {
        stride -= countdown
        countdown = 0
    }

    /// Forgets one tick, which will be counted again.
    mutating func giveBackTick() {
        usedBefore -= 1
    }

    /// Moves what was counted into the sum; the next tick looks.
    private mutating func settle() {
        usedBefore = used
        stride = 0
        countdown = 0
    }
}
