import PythonBridge

extension PythonObject {
    /// The name of its type as messages show it: one of a program's own folder without the name that the folder has among
    /// Python's packages (`_program_folder.py`).
    func shownTypeName(_ py: borrowing Python) -> String {
        let name = typeName(py)
        guard name.utf8.starts(with: "dana_".utf8), let dot = name.firstIndex(of: ".") else { return name }
        let package = name[..<dot]
        let digits = package.suffix(8)
        guard digits.utf8.count == 8, digits.allSatisfy(\.isHexDigit), package.dropLast(8).hasSuffix("_") else {
            return name
        }
        return String(name[name.index(after: dot)...])
    }
}
