/// How a Swift value reads as Python source, for the signatures that `help()` shows.
@usableFromInline
enum PythonSource {
    @usableFromInline static func literal<Value>(_ value: Value) -> String {
        switch value {
        case let value as Bool: value ? "True" : "False"
        case let value as Int: "\(value)"
        case let value as Double: value.isFinite ? "\(value)" : "..."
        case let value as String: quoted(value)
        default: "\(value)" == "nil" ? "None" : "..."
        }
    }

    private static func quoted(_ text: String) -> String {
        text.allSatisfy { $0.isASCII && $0 != "'" && $0 != "\\" && !$0.isNewline } ? "'\(text)'" : "..."
    }
}
