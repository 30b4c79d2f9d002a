import DanaData

/// What the engine's process tells, one line each.
enum EngineEvent: Equatable {
    case fetching(package: String, bytes: Int)
    case loading
    case ready(socket: String, model: String)
    case failed(String)

    /// Nil for a line that tells nothing.
    init?(line: [UInt8]) {
        guard let event = (try? JSONReader.read(utf8: line))?.root else { return nil }
        switch event.text("event") {
        case "fetching": self = .fetching(package: event.text("package") ?? "", bytes: event.count("bytes"))
        case "loading": self = .loading
        case "ready":
            guard let socket = event.text("socket"), let model = event.text("model") else { return nil }
            self = .ready(socket: socket, model: model)
        case "failed": self = .failed(event.text("reason") ?? "it does not say why")
        default: return nil
        }
    }
}
