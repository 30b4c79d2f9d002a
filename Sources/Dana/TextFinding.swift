import DanaLanguage

/// One thing that is wrong with a text.
public struct TextFinding: Sendable {
    public let message: String
    public let hint: String?
    public let place: ErrorPlace

    init(_ diagnostic: Diagnostic, in source: SourceText) {
        message = diagnostic.message
        hint = diagnostic.hint
        let start = source.place(at: Int(diagnostic.range.start))
        place = ErrorPlace(
            source: source.name, function: "<module>", start: start,
            end: source.place(at: Int(diagnostic.range.end)), line: source.line(start.line))
    }
}
