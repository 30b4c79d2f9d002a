/// What exceptions tell besides their arguments: fields that belong to their kind, and notes.
extension Heap {
    /// Where an exception keeps its notes.
    static let notesName = "__notes__"
    /// What the host's own error was made with, where its text is another.
    static let argumentsName = "args"

    /// What an exception has under a name, borrowed; nil when there is nothing.
    func detail(_ name: String, of exception: ExceptionObject) throws(DanaError) -> Value? {
        guard let details = DictObject(exception.at.pointee.details) else { return nil }
        return try value(under: try self.name(name), in: details)
    }

    /// Gives an exception something under a name; the value is borrowed.
    func setDetail(_ name: String, to value: Value, of exception: ExceptionObject) throws(DanaError) {
        if exception.at.pointee.details.isNull { exception.at.pointee.details = try dict().value }
        try set(
            retained(try self.name(name)), to: retained(value), in: DictObject(known: exception.at.pointee.details))
    }

    /// An exception with a message and these fields, borrowed, as an error to throw.
    func error(_ kind: ExceptionKind, _ message: String, details: [(name: String, value: Value)]) -> DanaError {
        let error = error(kind, message)
        guard case .raised(let value) = error else { return error }
        let held = owned(value)
        do {
            for detail in details {
                try setDetail(detail.name, to: detail.value, of: ExceptionObject(known: held.value))
            }
            return .raised(held.take())
        } catch {
            return error
        }
    }
}

extension ExceptionObject {
    /// Its notes that are texts.
    func notes(_ heap: Heap) -> [String] {
        guard let details = DictObject(at.pointee.details), let name = try? heap.name(Heap.notesName),
            let notes = try? heap.value(under: name, in: details).flatMap({ ListObject($0) })
        else { return [] }
        return notes.items.prefix(ProgramError.mostNotes).compactMap { StringObject($0)?.text }
    }
}
