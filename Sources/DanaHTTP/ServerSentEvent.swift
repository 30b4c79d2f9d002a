/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// The field `event`; "message" when there is none.
    public var name: String
    /// The lines of the field `data`, with line feeds between them, as UTF-8.
    public var data: [UInt8]
    /// The last field `id` up to this event; empty when there was none.
    public var id: String

    public init(name: String = "message", data: [UInt8], id: String = "") {
        self.name = name
        self.data = data
        self.id = id
    }
}
