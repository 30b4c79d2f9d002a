import DanaHTTP
import DanaPools
import DanaProcesses
import DanaSystem
import Glibc
import Synchronization

/// The embedded model's process, kept alive: performs what its machine decides.
final class Engine: Sendable {
    private typealias Waiter = CheckedContinuation<Result<ModelEndpoint, ModelError>, Never>

    /// The word for the provider in names and errors.
    static let provider = "embedded"

    private struct State {
        var machine = SupervisorMachine<Waiter, ModelEndpoint>()
        var child: ChildProcess?
        /// The child's.
        var folder: String?
        var nextWaiter = 0
        var lastFailure = ModelError.Code.serverFailed
    }

    private let settings: EmbeddedSettings
    private let name: String
    private let listener: @Sendable (EngineEvent) -> Void
    private let state = Mutex(State())

    init(_ settings: EmbeddedSettings, name: String, listener: @escaping @Sendable (EngineEvent) -> Void) {
        self.settings = settings
        self.name = name
        self.listener = listener
    }

    deinit { close() }

    /// Starts the process ahead of need.
    func warm() {
        if let number = state.withLock({ $0.machine.warm(at: SystemPoolClock().now) }) { start(number) }
    }

    /// Where the engine listens, as soon as it does.
    func endpoint() async throws(ModelError) -> ModelEndpoint {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        defer { state.withLock { $0.machine.forget(id) } }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                switch state.withLock({ $0.machine.need(waiter, id: id, at: SystemPoolClock().now) }) {
                case .use(let waiter, let endpoint): waiter.resume(returning: .success(endpoint))
                case .wait(let number): if let number { start(number) }
                case .refuse(let waiter, let reason): waiter.resume(returning: .failure(error(reason)))
                }
            }
        } onCancel: {
            state.withLock { $0.machine.cancel(id) }?
                .resume(returning: .failure(error(.cancelled)))
        }
        return try outcome.get()
    }

    /// Ends the process, and starts none any more.
    func close() {
        let (waiters, child, folder) = state.withLock { state in
            defer { (state.child, state.folder) = (nil, nil) }
            return (state.machine.close(), state.child, state.folder)
        }
        child?.stop()
        if let folder { PrivateFolder.remove(folder) }
        for waiter in waiters { waiter.resume(returning: .failure(error(.closed))) }
    }

    /// The child's process id, while there is one.
    var processID: pid_t? { state.withLock { $0.child?.processID } }

    // MARK: The process

    private func start(_ number: Int) {
        let socketName = "engine.sock"
        guard let folder = PrivateFolder.make(socketName: socketName) else {
            return ended(number, .configuration, "there is no folder for its socket: is /tmp writable?", nil)
        }
        let key = Secret((0..<4).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined())
        let child: ChildProcess
        do {
            child = try ChildProcess(
                [settings.python, "-P"] + settings.program + [try command(folder)], errors: "\(folder)/errors.txt")
        } catch {
            PrivateFolder.remove(folder)
            return ended(number, .configuration, "\(error)", nil)
        }
        child.write("\(key.revealed)\n")
        let isClosed = state.withLock { state in
            (state.child, state.folder) = (child, folder)
            return state.machine.isClosed
        }
        let limit = Int32(clamping: Int64(max(0, settings.startTimeout / .milliseconds(1))))
        let isStarted = SystemThread.start { [weak self] in
            let (code, reason) = Self.follow(child, number, key, limit) { self }
            PrivateFolder.remove(folder)
            self?.ended(number, code, reason, child)
        }
        if isClosed || !isStarted { child.stop() }
        if !isStarted {
            PrivateFolder.remove(folder)
            ended(number, .serverFailed, "the system has no thread to give", child)
        }
    }

    private func command(_ folder: String) throws -> String {
        let text = try JSONFields.object { json in
            json.field("folder", folder)
            json.field("slots", Int64(settings.slots))
            json.field("threads", Int64(settings.threads))
            json.field("context", Int64(settings.context))
            if let file = settings.modelFile { json.field("model", file) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Listens to a child until it ends; answers why it did.
    private static func follow(
        _ child: ChildProcess, _ number: Int, _ key: Secret, _ limit: Int32, _ engine: () -> Engine?
    ) -> (ModelError.Code, String) {
        var told: String?
        var isReady = false
        let ending = child.follow(firstWait: limit) { line in
            guard let event = EngineEvent(line: line) else { return isReady ? -1 : limit }
            switch event {
            case .ready(let socket, let model):
                isReady = true
                engine()?.ready(number, socket, model, key)
            case .failed(let reason): told = reason
            case .fetching, .loading: break
            }
            engine()?.listener(event)
            return isReady ? -1 : limit
        }
        return told.map { (.configuration, $0) } ?? (.serverFailed, "the engine's process is gone: \(ending)")
    }

    private func ready(_ number: Int, _ socket: String, _ model: String, _ key: Secret) {
        var endpoint = ModelEndpoint(
            provider: Engine.provider, model: model, baseURL: "http://localhost/v1", key: key, socketPath: socket)
        endpoint.alwaysStreams = true
        for waiter in state.withLock({ $0.machine.ready(number, endpoint) }) {
            waiter.resume(returning: .success(endpoint))
        }
    }

    private func ended(_ number: Int, _ code: ModelError.Code, _ reason: String, _ child: ChildProcess?) {
        let random = Double.random(in: 0..<1)
        let waiters = state.withLock { state in
            if state.child === child { (state.child, state.folder) = (nil, nil) }
            state.lastFailure = code
            return state.machine.ended(number, reason, at: SystemPoolClock().now, random: random)
        }
        fail(waiters, code, reason)
    }

    private func fail(_ waiters: [Waiter], _ code: ModelError.Code, _ message: String) {
        for waiter in waiters { waiter.resume(returning: .failure(error(code, message))) }
    }

    private func error(_ reason: SupervisorMachine<Waiter, ModelEndpoint>.Refusal) -> ModelError {
        switch reason {
        case .cancelled: error(.cancelled, "the call was cancelled")
        case .closed: error(.noModelLeft, "the embedded model is closed")
        case .rests(let last, let time): error(state.withLock { $0.lastFailure }, last).resting(for: time)
        }
    }

    private func error(_ code: ModelError.Code, _ message: String) -> ModelError {
        ModelError(code, message, model: name)
    }
}
