import Glibc

/// How the embedded model runs.
public struct EmbeddedSettings: Sendable {
    /// The Python that has the engine installed.
    public var python: String
    /// The engine's program; nil for the one that is built in.
    public var script: String?
    /// A model of one's own, in GGUF; nil for the one that is fetched.
    public var modelFile: String?
    /// How many answers are made at once. More requests wait here, not in the engine.
    public var slots = 2
    /// Threads that compute. More than one on cores that others use too is many times slower.
    public var threads: Int
    /// How many tokens one answer and its request may have.
    public var context = 2048
    /// From the start of the process until it is ready, fetching the model included.
    public var startTimeout = Duration.seconds(600)

    public init(python: String = "python3", script: String? = nil) {
        self.python = python
        self.script = script
        threads = EmbeddedSettings.usualThreads(processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// What Python is to run.
    var program: [String] {
        if let script { return [script] }
        return ["-c", String(decoding: PackageResources.engine_py, as: UTF8.self)]
    }

    /// One thread on up to two processors, otherwise half of them and at most eight.
    static func usualThreads(processors: Int) -> Int { processors <= 2 ? 1 : min(processors / 2, 8) }
}
