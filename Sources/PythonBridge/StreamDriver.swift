import CPython
import PythonTrampolines
import Synchronization

/// One stream from Swift to Python: performs what its ``StreamMachine`` decides.
///
/// Elements are converted where they are made, on the loop's thread, and wait as Python objects.
@usableFromInline
final class StreamDriver: @unchecked Sendable {
    // Safe because the machine and the continuations are under the lock; `spare` is touched with the interpreter held.
    @usableFromInline typealias Producer = @Sendable (StreamDriver) async throws -> Void

    /// An owned reference on its way from the producer to the consumer.
    private struct Element: @unchecked Sendable {
        // Safe because a reference is only counted down, or handed to Python, with the interpreter held.
        let pointer: PyRef

        func release() {
            if dana_held_get() > 0 { py_decref(pointer) } else { ReleaseQueue.push(pointer) }
        }
    }

    private struct State {
        var machine: StreamMachine<Element>
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

    let name: StaticString
    /// The awaitable handed out for elements that are there already, reused while nobody else holds it.
    var spare: PythonObject?
    private let produce: Producer
    private let state: Mutex<State>

    init(_ name: StaticString, capacity: Int, _ produce: @escaping Producer) {
        self.name = name
        self.produce = produce
        state = Mutex(State(machine: StreamMachine(capacity: capacity)))
    }

    // MARK: The consumer

    /// An element that is there already, a new reference; nil when there is none.
    func ready() -> PyRef? {
        let (element, room) = state.withLock { state -> (Element?, UnsafeContinuation<Void, Never>?) in
            guard state.machine.isReady, case .element(let element, let wakes) = state.machine.pulled() else {
                return (nil, nil)
            }
            return (element, wakes ? state.takeRoom() : nil)
        }
        room?.resume()
        return element?.pointer
    }

    /// A coroutine for the next element.
    func next(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try coroutine("__anext__", py) { [self] () async throws in try await pull() }
    }

    /// A coroutine that ends when the producer has.
    func close(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try coroutine("aclose", py) { [self] () async in
            await stop()?.value
            return Nothing()
        }
    }

    /// Nobody will ask again.
    func dropped() { _ = stop() }

    private func stop() -> Task<Void, Never>? {
        let (producer, left, room, arrival) = state.withLock { state in
            let (left, wakes) = state.machine.closed()
            return (state.producer, left, wakes ? state.takeRoom() : nil, state.takeArrival())
        }
        for element in left { element?.release() }
        producer?.cancel()
        room?.resume()
        arrival?.resume()
        return producer
    }

    private func pull() async throws -> PythonObject {
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
            case .element(let element, _): return PythonObject(owning: element.pointer)
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
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted && !state.machine.isClosed
        }
        guard isFirst, let bridge = LoopBridge.current else { return }
        let producer = Task.immediate(executorPreference: bridge.executor) { [self] in
            do {
                try await produce(self)
                finish(nil)
            } catch {
                finish(error)
            }
        }
        let isClosed = state.withLock { state in
            if state.isStarted, !state.machine.isEnded { state.producer = producer }
            return state.machine.isClosed
        }
        if isClosed { producer.cancel() }
    }

    // MARK: The producer

    @usableFromInline enum Push { case goOn, waitForRoom, stop }

    /// Takes an element on the loop's thread; where the loop has closed, nobody wants it any more.
    @inlinable func push(_ element: some ToPython) throws(PythonError) -> Push {
        guard Python.isHeld else { return .stop }
        return push(try element.toPython(Python(held: ())))
    }

    @usableFromInline func push(_ owned: PyRef) -> Push {
        let element = Element(pointer: owned)
        let (action, arrival) = state.withLock { state in
            let action = state.machine.pushed(element)
            switch action {
            case .wakeConsumer, .wakeConsumerAndWaitForRoom: return (action, state.takeArrival())
            default: return (action, nil)
            }
        }
        arrival?.resume()
        switch action {
        case .goOn, .wakeConsumer: return .goOn
        case .waitForRoom, .wakeConsumerAndWaitForRoom: return .waitForRoom
        case .stop:
            element.release()
            return .stop
        }
    }

    /// Waits until the buffer has run dry, or nobody wants more.
    @usableFromInline func room() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let goesOn = state.withLock { state in
                guard state.machine.isFull else { return true }
                state.room = continuation
                return false
            }
            if goesOn { continuation.resume() }
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
