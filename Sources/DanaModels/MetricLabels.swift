/// What a row of metrics is about: names and their values.
struct MetricLabels: Sendable, Hashable {
    private let pairs: [[String]]

    init(_ pairs: KeyValuePairs<String, String>) { self.pairs = pairs.map { [$0, $1] } }

    private init(pairs: [[String]]) { self.pairs = pairs }

    /// These and one more.
    func with(_ name: String, _ value: String) -> MetricLabels { MetricLabels(pairs: pairs + [[name, value]]) }

    /// The same names, each with the value that stands for all others.
    var others: MetricLabels { MetricLabels(pairs: pairs.map { [$0[0], "other"] }) }

    /// As Prometheus writes them, without braces.
    var text: String { pairs.map { "\($0[0])=\"\(Self.escaped($0[1]))\"" }.joined(separator: ",") }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
