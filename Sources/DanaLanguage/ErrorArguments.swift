/// What an exception was made with, as far as a text tells it.
public enum ErrorArguments: Sendable, Equatable {
    /// The message is the only one, a text.
    case message
    /// The message is what `repr` gives for so many of them: for the only one, or for all as a tuple.
    case spelled(Int)
    /// The message says something else; this is what `repr` gives for all of them as a tuple.
    case apart(String)
}
