import CPython
import Dana
import DanaData
import DanaModels
import PythonBridge

/// What models are told of Python's objects: their data, and how functions are called. The package's Python side knows.
enum ModelMaterial {
    static func data(of object: PythonObject, limit: Int?) throws(DanaFailure) -> ObjectData? {
        try told { py throws(PythonError) in
            guard let hook = Hooks[.modelData] else { return nil }
            let made = try hook.call(spread: [object, limit], keywords: [:], py)
            let total = try made.item(1, as: Int?.self, py)
            let summary = try made.item(2, as: String?.self, py)
            return ObjectData(
                data: try made.item(0, as: PythonValue.self, py).tape, total: total, summary: summary)
        }
    }

    static func tool(of function: PythonObject) throws(DanaFailure) -> HostTool? {
        try told { py throws(PythonError) in
            guard let hook = Hooks[.tool] else { return nil }
            let made = try hook.call(function, py: py)
            let told = try made.item(0, py)
            let definition = ToolDefinition(
                name: try told.item("name", as: String.self, py),
                description: try told.item("description", as: String.self, py),
                parameters: try told.item("parameters", as: PythonValue.self, py).tape)
            let reader = try made.item(1, py)
            return HostTool(definition) { text throws(DanaFailure) in try arguments(text, reader) }
        }
    }

    /// What the package's Python side makes of the arguments that a model wrote: objects of the parameters' types.
    private static func arguments(_ text: String, _ reader: PythonObject) throws(DanaFailure) -> HostTool.Arguments {
        try told { py throws(PythonError) in
            let made = try reader.call(text, py: py)
            let objects = try made.item(0, py).elements(as: PythonObject.self, py)
            return HostTool.Arguments(
                values: objects.map { .host(PythonGuest($0, py)) },
                names: try made.item(1, py).elements(as: String.self, py))
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
