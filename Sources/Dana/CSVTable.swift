import DanaData
import DanaLanguage

/// A table of comma-separated text in a context's heap: a list with a dict for each row, by the names in the first row,
/// numbers as numbers. It grows in portions, each under the lock, whose time and memory count before the next begins.
struct CSVTable {
    /// How a program says that a table is written.
    struct Form {
        var delimiter = UInt8(ascii: ",")
        /// Every cell is its text, and no number.
        var isText = false
    }

    private var reader: CSVReader
    private let isText: Bool
    /// What the call is called in errors.
    private let what: String
    /// The names in order, and the rows: lists. A column without a name that is not the first such has null.
    private let names: ValueReference
    private let rows: ValueReference
    private var seen: Set<String> = []
    private var nameCount = 0
    private var hasNames = false
    /// Why there is no table.
    private var fault: CSVReader.Fault?
    /// The row that is being filled, the last in the list, and how many of its columns have their values.
    private var row: Value?
    private var filled = 0
    /// Whether the row's text has ended.
    private var hasEnded = false

    /// Values of one portion, at most: about a millisecond. A text counts one for each 64 bytes.
    private static let portion = 4096
    /// A longer row of digits is a text: Python, too, reads no integer of it.
    private static let mostDigits = 4300

    /// Answers a call with the table: at once where one portion is all, else from a task, which holds up nobody.
    static func answer(
        _ call: HostCall, with bytes: [UInt8], _ form: Form, named what: String, in core: ContextCore
    ) throws(DanaFailure) -> HostReply {
        var table = try CSVTable(bytes, form, what, core)
        guard try core.locked({ try table.goOn($0) }) else { return table.answer(call, core) }
        let begun = table
        return .later {
            var table = begun
            do throws(DanaFailure) {
                while try core.locked({ try table.goOn($0) }) {
                    // A cancelled run unwinds by itself, from where it waits.
                    if Task.isCancelled { return { _ in } }
                    await Task.yield()
                }
            } catch {
                return { call in core.fail(call, error) }
            }
            let whole = table
            return { call in _ = whole.answer(call, core) }
        }
    }

    private func answer(_ call: HostCall, _ core: ContextCore) -> HostReply {
        if let fault { return core.fail(call, fault.kind, "\(what): line \(fault.line): \(fault.message)") }
        return core.answer(call) { interpreter in
            interpreter.retain(rows.value)
            return rows.value
        }
    }

    private init(_ bytes: [UInt8], _ form: Form, _ what: String, _ core: ContextCore) throws(DanaFailure) {
        reader = CSVReader(bytes, delimiter: form.delimiter)
        isText = form.isText
        self.what = what
        (names, rows) = try core.locked { interpreter in
            let names = ValueReference(owning: try interpreter.list(capacity: 0), in: core)
            return (names, ValueReference(owning: try interpreter.list(capacity: 0), in: core))
        }
    }

    /// Fills in a portion; false at the end, and where there is something wrong.
    private mutating func goOn(_ interpreter: Interpreter) throws(ProgramError) -> Bool {
        try interpreter.working(visiting: CSVTable.portion) { () throws(ProgramError) in
            var left = CSVTable.portion
            while left > 0 {
                let start = reader.index
                guard try step(interpreter), fault == nil else { return false }
                left -= (reader.index - start) >> 6 + 1
            }
            return true
        }
    }

    /// Takes one more cell, or fills one more column of a row that is too short; false at the end.
    private mutating func step(_ interpreter: Interpreter) throws(ProgramError) -> Bool {
        if hasEnded {
            try fill(with: Interpreter.null, interpreter)
        } else {
            let start = reader.index
            let cell: CSVReader.Cell
            do throws(CSVReader.Fault) {
                guard let next = try reader.cell() else { return false }
                cell = next
            } catch {
                fault = error
                return false
            }
            guard hasNames else {
                try take(cell, asNameAt: start, interpreter)
                return true
            }
            // An empty line is no row.
            if row == nil, cell == CSVReader.Cell() { return true }
            if row == nil { try beginRow(interpreter) }
            if filled < nameCount {
                if !cell.text.isEmpty, isNameless(filled) {
                    fault = reader.fault(at: start, "column \(filled + 1) has a value and no name in the first row")
                }
                try fill(with: try value(of: cell, interpreter), interpreter)
            } else if !cell.text.isEmpty {
                fault = reader.fault(
                    at: start,
                    "there are more values than the first row names columns (\(nameCount)); is the delimiter another "
                        + "one, as in load_csv(path, delimiter=';')?")
            }
            hasEnded = cell.endsRow
        }
        if hasEnded, filled == nameCount {
            row = nil
            filled = 0
            hasEnded = false
        }
        return true
    }

    /// Takes a cell of the first row. Of a column without a name nothing is kept where another one has none.
    private mutating func take(
        _ cell: CSVReader.Cell, asNameAt start: Int, _ interpreter: Interpreter
    ) throws(ProgramError) {
        let isNew = seen.insert(cell.text).inserted
        if !isNew, !cell.text.isEmpty {
            fault = reader.fault(at: start, "the first row names the column '\(cell.text)' twice")
        }
        try interpreter.append(isNew ? try interpreter.string(cell.text) : Interpreter.null, to: names.value)
        nameCount += 1
        hasNames = cell.endsRow
        if hasNames { seen = [] }
    }

    private mutating func beginRow(_ interpreter: Interpreter) throws(ProgramError) {
        let dict = try interpreter.dict(capacity: nameCount)
        try interpreter.append(dict, to: rows.value)
        row = dict
    }

    /// Gives the row's next column its value, which is taken over.
    private mutating func fill(with value: Value, _ interpreter: Interpreter) throws(ProgramError) {
        guard let row, case .list(let names) = names.value.view, names.indices.contains(filled) else {
            return interpreter.release(value)
        }
        defer { filled += 1 }
        guard !isNameless(filled) else { return interpreter.release(value) }
        interpreter.retain(names[filled])
        try interpreter.set(names[filled], to: value, in: row)
    }

    /// Whether nothing is kept of a column.
    private func isNameless(_ column: Int) -> Bool {
        guard case .list(let names) = names.value.view, names.indices.contains(column), case .null = names[column].view
        else { return false }
        return true
    }

    private func value(of cell: CSVReader.Cell, _ interpreter: Interpreter) throws(ProgramError) -> Value {
        let text = cell.text
        if cell.isQuoted || isText { return try interpreter.string(text) }
        if text.isEmpty { return Interpreter.null }
        if let integer = Int(text) { return try interpreter.integer(integer) }
        if text.utf8.count <= CSVTable.mostDigits, let integer = BigInteger(text) {
            return try interpreter.integer(isNegative: integer.isNegative, words: integer.magnitude)
        }
        let isNumeric = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        if isNumeric, let float = Double(text), float.isFinite { return try interpreter.float(float) }
        return try interpreter.string(text)
    }
}
