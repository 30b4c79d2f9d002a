/// Whether a model may, must or must not call tools.
public enum ToolChoice: Sendable, Hashable {
    case automatic
    case none
    /// Some tool, whichever it chooses.
    case required
    case named(String)
}
