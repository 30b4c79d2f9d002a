import CPython
import Dana
import DanaData
import DanaModels
import PythonBridge

/// What models are told of Python's objects: their data, and how functions are called. The package's Python side knows.
enum ModelMaterial {
    static func data(of object: PythonObject, allRows: Bool) throws(DanaFailure) -> ObjectData? {
        try told { py throws(PythonError) in
            guard let hook = Hooks[.modelData] else { return nil }
            let made = try hook.call(spread: [object, allRows], keywords: [:], py)
            let total = try made.item(1, as: Int?.self, py)
            let summary = try made.item(2, as: String?.self, py)
            return ObjectData(
                data: try made.item(0, as: PythonValue.self, py).tape, total: total, summary: summary)
        }
    }

    static func definition(of function: PythonObject) throws(DanaFailure) -> ToolDefinition? {
        try told { py throws(PythonError) in
            guard let hook = Hooks[.tool] else { return nil }
            let made = try hook.call(function, py: py)
            return ToolDefinition(
                name: try made.item("name", as: String.self, py),
                description: try made.item("description", as: String.self, py),
                parameters: try made.item("parameters", as: PythonValue.self, py).tape)
        }
    }

    private static func told<Result>(
        _ body: (borrowing Python) throws(PythonError) -> Result
    ) throws(DanaFailure) -> Result {
        try Python.hold { py throws(DanaFailure) in
            do throws(PythonError) {
                return try body(py)
            } catch {
                let seen = SeenException(error, py)
                throw DanaFailure(.raised(seen.kind), kind: seen.kind.name, seen.message, origin: seen.origin)
            }
        }
    }
}
