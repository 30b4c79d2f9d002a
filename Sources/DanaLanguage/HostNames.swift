/// Names under which a host offers functions, made once for many interpreters: a name costs an interpreter nothing before
/// a program uses it.
public final class HostNames: Sendable {
    /// By the number that calls carry.
    public let list: [String]
    private let numbers: [String: Int]

    /// No name may be there twice.
    public init(_ list: [String]) {
        self.list = list
        numbers = Dictionary(zip(list, list.indices)) { first, _ in first }
    }

    func number(of name: String) -> Int? { numbers[name] }
}
