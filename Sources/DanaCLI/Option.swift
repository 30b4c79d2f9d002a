/// An option of a command: its name, and what its argument is called when it takes one.
struct Option: Equatable {
    let name: String
    let argument: String?
    let summary: String

    init(_ name: String, argument: String? = nil, _ summary: String) {
        self.name = name
        self.argument = argument
        self.summary = summary
    }

    var shown: String { argument.map { "\(name) \($0)" } ?? name }
}
