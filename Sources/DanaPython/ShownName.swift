import PythonBridge

/// The name of a class or a function with its module's, as messages show it: one of a program's own folder without the
/// name that the folder has among Python's packages (`_program_folder.py`).
struct ShownName {
    let text: String

    init(_ name: String) {
        guard name.utf8.starts(with: "dana_".utf8), let dot = name.firstIndex(of: ".") else {
            text = name
            return
        }
        let package = name[..<dot]
        let digits = package.suffix(8)
        let isFolders = digits.utf8.count == 8 && digits.allSatisfy(\.isHexDigit) && package.dropLast(8).hasSuffix("_")
        text = isFolders ? String(name[name.index(after: dot)...]) : name
    }
}

extension PythonObject {
    /// The name of its type as messages show it.
    func shownTypeName(_ py: borrowing Python) -> String { ShownName(typeName(py)).text }
}
