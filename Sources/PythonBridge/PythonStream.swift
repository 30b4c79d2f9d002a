import CPython
import Synchronization

/// A Swift `AsyncSequence` as a Python asynchronous iterator.
///
/// ```swift
/// function("ticks", "count") { (count: Int) in PythonStream("ticks") { Ticks(count) } }
/// ```
/// The sequence is first asked when Python first asks, on the event loop's thread, and runs ahead by at most `buffer`
/// elements. Leaving the loop early, `aclose()` and the iterator's end of life cancel it.
public struct PythonStream: ToPython, Sendable {
    private let make: @Sendable (borrowing Python) throws(PythonError) -> PyRef

    public init<Source: AsyncSequence & Sendable>(
        _ name: StaticString, buffer: Int = 64, _ source: @escaping @Sendable () -> Source
    ) where Source.Element: ToPython & Sendable {
        make = { py throws(PythonError) in
            try StreamObject.make(StreamDriver<Source>(name, capacity: buffer, source), py)
        }
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { try make(py) }
}

/// One stream: performs what its ``StreamMachine`` decides.
class AnyStream: @unchecked Sendable {
    // Safe because this part is touched with the interpreter held; the machine has its own lock.
    let name: StaticString
    /// The awaitable handed out for elements that are there already, reused while nobody else holds it.
    var spare: PythonObject?

    init(_ name: StaticString) { self.name = name }

    /// An element that is there already, a new reference; nil when there is none.
    func ready(_ py: borrowing Python) throws(PythonError) -> PyRef? { nil }

    /// A coroutine for the next element.
    func next(_ py: borrowing Python) throws(PythonError) -> PyRef { throw PythonError(.systemError, "no source") }

    /// A coroutine that ends when the producer has.
    func close(_ py: borrowing Python) throws(PythonError) -> PyRef { throw PythonError(.systemError, "no source") }

    /// Nobody will ask again.
    func dropped() {}
}

/// A stream from a source of a known type.
final class StreamDriver<Source: AsyncSequence & Sendable>: AnyStream, @unchecked Sendable
where Source.Element: ToPython & Sendable {
    private struct State {
        var machine: StreamMachine<Source.Element>
        var producer: Task<Void, Never>?
        var room: UnsafeContinuation<Void, Never>?
        var arrival: UnsafeContinuation<Void, Never>?
        var isStarted = false

        mutating func takeRoom() -> UnsafeContinuation<Void, Never>? {
            defer { room = nil }
            return room
        }

        mutating func takeArrival() -> UnsafeContinuation<Void, Never>? {
            defer { arrival = nil }
            return arrival
        }
    }

    private let source: @Sendable () -> Source
    private let state: Mutex<State>

    init(_ name: StaticString, capacity: Int, _ source: @escaping @Sendable () -> Source) {
        self.source = source
        state = Mutex(State(machine: StreamMachine(capacity: capacity)))
        super.init(name)
    }

    override func ready(_ py: borrowing Python) throws(PythonError) -> PyRef? {
        let (element, room) = state.withLock { state -> (Source.Element?, UnsafeContinuation<Void, Never>?) in
            guard state.machine.isReady, case .element(let element, let wakes) = state.machine.pulled() else {
                return (nil, nil)
            }
            return (element, wakes ? state.takeRoom() : nil)
        }
        room?.resume()
        return try element?.toPython(py)
    }

    override func next(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try coroutine("__anext__", py) { [self] () async throws in try await pull() }
    }

    override func close(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try coroutine("aclose", py) { [self] () async in
            let producer = stop()
            await producer?.value
            return Nothing()
        }
    }

    override func dropped() { _ = stop() }

    private func stop() -> Task<Void, Never>? {
        let (producer, room) = state.withLock { state in
            let wakes = state.machine.closed()
            return (state.producer, wakes ? state.takeRoom() : nil)
        }
        producer?.cancel()
        room?.resume()
        return producer
    }

    private func pull() async throws -> Source.Element {
        guard !state.withLock({ $0.machine.isWaiting && $0.arrival != nil }) else {
            throw PythonError(.runtimeError, "'\(name)' is being asked for its next element already")
        }
        startOnce()
        while true {
            let (action, room) = state.withLock { state in
                let action = state.machine.pulled()
                switch action {
                case .element(_, wakeProducer: true), .wait(wakeProducer: true): return (action, state.takeRoom())
                default: return (action, nil)
                }
            }
            room?.resume()
            switch action {
            case .element(let element, _): return element
            case .failed(let error): throw error
            case .finished: throw PythonError(.stopAsyncIteration, "")
            case .wait: try await arrival()
            }
        }
    }

    /// Waits for an element or the end. A cancellation leaves what arrives later to the next that asks.
    private func arrival() async throws {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                let goesOn = state.withLock { state in
                    // It may have come, or been called off, since the machine was asked.
                    guard state.machine.isWaiting, !Task.isCancelled else { return true }
                    state.arrival = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let arrival = state.withLock { state in
                state.machine.pullAbandoned()
                return state.takeArrival()
            }
            arrival?.resume()
        }
        try Task.checkCancellation()
    }

    private func startOnce() {
        guard
            !state.withLock({ state in
                defer { state.isStarted = true }
                return state.isStarted
            }), let call = PendingCall.current, let bridge = call.bridge
        else { return }
        let producer = Task.immediate(executorPreference: bridge.executor) { [self] in
            do {
                for try await element in source() {
                    guard await push(element) else { break }
                }
                finish(nil)
            } catch {
                finish(error)
            }
        }
        let isClosed = state.withLock { state in
            state.producer = producer
            return state.machine.isClosed
        }
        if isClosed { producer.cancel() }
    }

    /// False when nobody wants more.
    private func push(_ element: Source.Element) async -> Bool {
        let (action, arrival) = state.withLock { state in
            let action = state.machine.pushed(element)
            switch action {
            case .wakeConsumer, .wakeConsumerAndWaitForRoom: return (action, state.takeArrival())
            default: return (action, nil)
            }
        }
        arrival?.resume()
        switch action {
        case .goOn, .wakeConsumer: return true
        case .stop: return false
        case .waitForRoom, .wakeConsumerAndWaitForRoom:
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                let goesOn = state.withLock { state in
                    guard state.machine.isFull else { return true }
                    state.room = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
            return !Task.isCancelled
        }
    }

    private func finish(_ error: (any Error)?) {
        let arrival = state.withLock { state in
            state.producer = nil
            return state.machine.ended(error) ? state.takeArrival() : nil
        }
        arrival?.resume()
    }
}
