import Testing

@testable import PythonBridge

/// Every event in every state, exhaustively.
@Suite struct AwaitMachineTests {
    enum Event: CaseIterable { case sent, thrown, cancelled, completed, closed, dropped, graceEnded }

    /// Applies an event, giving the name of the action.
    private func apply(_ event: Event, to machine: inout AwaitMachine) -> String {
        switch event {
        case .sent: "\(machine.sent())"
        case .thrown: "\(machine.thrown())"
        case .cancelled: "\(machine.cancelled())"
        case .completed: "\(machine.completed())"
        case .closed: "\(machine.closed())"
        case .dropped: "\(machine.dropped())"
        case .graceEnded: "\(machine.graceEnded())"
        }
    }

    private func after(_ events: Event...) -> AwaitMachine {
        var machine = AwaitMachine()
        for event in events { _ = apply(event, to: &machine) }
        return machine
    }

    private func check(_ start: AwaitMachine, _ table: [(Event, String, AwaitMachine.State)]) {
        #expect(table.count == Event.allCases.count)
        for (event, action, state) in table {
            var machine = start
            #expect(apply(event, to: &machine) == action, "\(event) in \(start.state)")
            #expect(machine.state == state, "after \(event) in \(start.state)")
        }
    }

    @Test func created() {
        check(
            after(),
            [
                (.sent, "start", .running(isAwaited: false)), (.thrown, "raise", .consumed),
                (.cancelled, "ignore", .created), (.completed, "drop", .created), (.closed, "nothing", .consumed),
                (.dropped, "warnNeverAwaited", .consumed), (.graceEnded, "false", .created),
            ])
    }

    @Test func running() {
        check(
            after(.sent),
            [
                (.sent, "wait", .running(isAwaited: true)), (.thrown, "cancelAndWait", .running(isAwaited: true)),
                (.cancelled, "cancel", .running(isAwaited: false)), (.completed, "keep", .finished),
                (.closed, "cancel", .detached), (.dropped, "cancel", .detached),
                (.graceEnded, "false", .running(isAwaited: false)),
            ])
    }

    @Test func awaited() {
        check(
            after(.sent, .sent),
            [
                (.sent, "refuseSecondAwait", .running(isAwaited: true)),
                (.thrown, "cancelAndWait", .running(isAwaited: true)),
                (.cancelled, "cancel", .running(isAwaited: true)), (.completed, "wake", .finished),
                (.closed, "cancel", .detached), (.dropped, "cancel", .detached),
                (.graceEnded, "false", .running(isAwaited: true)),
            ])
    }

    @Test func awaitedAndCancelled() {
        check(
            after(.sent, .sent, .cancelled),
            [
                (.sent, "refuseSecondAwait", .running(isAwaited: true)),
                (.thrown, "cancelAndWait", .running(isAwaited: true)),
                (.cancelled, "alreadyAsked", .running(isAwaited: true)), (.completed, "wake", .finished),
                (.closed, "cancel", .detached), (.dropped, "cancel", .detached), (.graceEnded, "true", .finished),
            ])
    }

    @Test func finished() {
        for machine in [after(.sent, .completed), after(.sent, .sent, .cancelled, .graceEnded)] {
            check(
                machine,
                [
                    (.sent, "deliver", .consumed), (.thrown, "raise", .consumed), (.cancelled, "ignore", .finished),
                    (.completed, "drop", .finished), (.closed, "nothing", .consumed), (.dropped, "nothing", .consumed),
                    (.graceEnded, "false", .finished),
                ])
        }
    }

    @Test func consumed() {
        check(
            after(.sent, .completed, .sent),
            [
                (.sent, "refuseReuse", .consumed), (.thrown, "raise", .consumed), (.cancelled, "ignore", .consumed),
                (.completed, "drop", .consumed), (.closed, "nothing", .consumed), (.dropped, "nothing", .consumed),
                (.graceEnded, "false", .consumed),
            ])
    }

    @Test func detached() {
        check(
            after(.sent, .sent, .closed),
            [
                (.sent, "refuseReuse", .detached), (.thrown, "raise", .detached), (.cancelled, "ignore", .detached),
                (.completed, "drop", .detached), (.closed, "nothing", .detached), (.dropped, "nothing", .detached),
                (.graceEnded, "false", .detached),
            ])
    }

    /// Whatever happens in whatever order, six events deep: one start, one result, one wake-up for each wait, and never
    /// a result after the end.
    @Test func everyOrder() {
        var seen = 0
        func explore(_ machine: AwaitMachine, _ depth: Int, starts: Int, results: Int, waits: Int, wakes: Int) {
            seen += 1
            #expect(starts <= 1 && results <= 1 && wakes <= waits)
            guard depth > 0 else { return }
            for event in Event.allCases {
                var next = machine
                let action = apply(event, to: &next)
                explore(
                    next, depth - 1, starts: starts + (action == "start" ? 1 : 0),
                    results: results + (action == "deliver" ? 1 : 0),
                    waits: waits + (action == "wait" || action == "cancelAndWait" ? 1 : 0),
                    wakes: wakes + (action == "wake" || action == "true" ? 1 : 0))
            }
        }
        explore(AwaitMachine(), 6, starts: 0, results: 0, waits: 0, wakes: 0)
        #expect(seen == (0...6).reduce(0) { sum, depth in sum + (0..<depth).reduce(1) { power, _ in power * 7 } })
    }
}
