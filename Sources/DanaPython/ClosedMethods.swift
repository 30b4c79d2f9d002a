import CPython
import PythonBridge

/// Methods of frames, columns and arrays that reach past a context: they evaluate text as code, touch files and servers,
/// load modules, lead to libraries of which nothing is known here, or to bare memory. They are closed by name to each type
/// of the library and to those that are derived from it. What goes in of pyarrow are views without any.
struct ClosedMethods {
    /// What a method is called with.
    struct Arguments {
        let positional: [PythonObject]
        let named: [(String, PythonObject)]
    }

    /// Why a method is not open, and what to do instead; nil where it is. Without arguments the method itself is asked for.
    static func reason(
        against name: String, of object: PythonObject, calledWith arguments: Arguments?, _ py: borrowing Python
    ) -> String? {
        let concerned = libraries.filter { $0.value.concerns(name) }
        guard !concerned.isEmpty, let modules = modules(of: object, py) else { return nil }
        let library = concerned.first { library in
            modules.contains { "\($0).".utf8.starts(with: "\(library.key).".utf8) }
        }
        return library?.value.reason(against: name, arguments, py)
    }

    private enum Rule {
        case evaluates, writes, leadsOut
        /// Gives a text where its first argument, or the one of these names, is left out or null, and else writes a file.
        case text
        /// Calls methods by the names that it is given.
        case dispatches
    }

    private let rules: [String: Rule]
    /// Beginnings of names that are closed, but for those that are listed as open.
    private let beginnings: [String]
    private let open: Set<String>

    private func concerns(_ name: String) -> Bool { rule(of: name) != nil }

    private func rule(of name: String) -> Rule? {
        if let rule = rules[name] { return rule }
        return beginnings.contains(where: name.hasPrefix) && !open.contains(name) ? .writes : nil
    }

    private func reason(against name: String, _ arguments: Arguments?, _ py: borrowing Python) -> String? {
        switch rule(of: name) {
        case nil: return nil
        case .evaluates:
            return "it evaluates text as code; use conditions, as in frame[frame['price'] > 10]"
        case .writes:
            return "it reaches files or servers; write_text() writes text where file_write is granted, or give the "
                + "program a Python function that does it"
        case .leadsOut: return "it leads out of the data; give the program a Python function that does it"
        case .text:
            guard let arguments else { return "call it at once, without a file" }
            let targets =
                arguments.positional.prefix(1)
                + arguments.named.filter { ClosedMethods.targets.contains($0.0) }.map(\.1)
            if targets.allSatisfy({ $0.isNone(py) }) {
                let given = arguments.positional + arguments.named.map(\.1)
                for form in given where (try? FormWidth.check(form, py)) == nil {
                    return "a form asks for too wide a text"
                }
                let texts = given.compactMap { try? $0.value(as: String.self, py) }
                guard texts.contains(where: { $0.utf8.contains(UInt8(ascii: "{")) }) else { return nil }
                return "a form with braces can ask for attributes; use one such as '%.2f'"
            }
            return "without a file it gives the text, which write_text() writes where file_write is granted"
        case .dispatches:
            guard let arguments else { return "call it at once" }
            for argument in arguments.positional + arguments.named.map(\.1) {
                if let name = refusedName(in: argument, depth: 0, py) {
                    return "it calls methods by their names, and \(name) is none that is open"
                }
            }
            return nil
        }
    }

    /// A method's name among the texts of an argument that is not open to programs.
    private func refusedName(in argument: PythonObject, depth: Int, _ py: borrowing Python) -> String? {
        let items: [PythonObject]
        switch Int(py_kind(argument.pointer)) {
        case PY_KIND_STR:
            guard let text = try? argument.value(as: String.self, py) else { return nil }
            let isClosed = ClosedMethods.libraries.values.contains { $0.concerns(text) }
            return text.utf8.first == UInt8(ascii: "_") || isClosed ? "'\(text)'" : nil
        case PY_KIND_LIST, PY_KIND_TUPLE, PY_KIND_SET, PY_KIND_FROZENSET:
            items = (try? py.builtin("list").call(argument, py: py).value(as: [PythonObject].self, py)) ?? []
        case PY_KIND_DICT:
            guard let values = try? argument.callMethod("values", py: py) else { return nil }
            items = (try? py.builtin("list").call(values, py: py).value(as: [PythonObject].self, py)) ?? []
        default:
            // A column of names is as good as a list of them.
            let isOne = (try? argument.hasAttribute("__iter__", py)) == false || argument.isCallable(py)
            return isOne ? nil : "what comes from a \(argument.typeName(py))"
        }
        guard depth < 4 else { return "what is nested so deep" }
        for item in items {
            if let name = refusedName(in: item, depth: depth + 1, py) { return name }
        }
        return nil
    }

    /// The modules of an object's type, or of a class, and of what that is derived from.
    private static func modules(of object: PythonObject, _ py: borrowing Python) -> [String]? {
        let type = py_is_type(object.pointer) != 0 ? object : object.type(py)
        let ancestors = try? type.attribute("__mro__", as: [PythonObject].self, py)
        return ancestors?.compactMap { try? $0.attribute("__module__", as: String.self, py) }
    }

    private static let targets: Set<String> = ["path_or_buf", "buf", "file"]

    private init(_ rules: [(Rule, [String])], beginnings: [String], open: Set<String> = []) {
        let pairs = rules.flatMap { rule, names in names.map { ($0, rule) } }
        self.rules = Dictionary(pairs) { first, _ in first }
        self.beginnings = beginnings
        self.open = open
    }

    /// By the module that types are defined in, or one within it.
    private static let libraries: [String: ClosedMethods] = [
        "pandas.core.groupby": ClosedMethods([(.dispatches, ["filter"])], beginnings: []),
        "pandas": ClosedMethods(
            [
                (.evaluates, ["eval", "query"]),
                (.text, ["to_csv", "to_json", "to_html", "to_string", "to_markdown"]),
                (.leadsOut, ["plot", "hist", "boxplot", "style"]),
                (.dispatches, ["apply", "agg", "aggregate", "transform", "pivot_table"]),
            ], beginnings: ["to_"],
            open: [
                "to_dict", "to_list", "to_numpy", "to_records", "to_frame", "to_series", "to_flat_index", "to_period",
                "to_timestamp", "to_pydatetime", "to_pytimedelta", "to_julian_date", "to_datetime64", "to_timedelta64",
                "to_numeric", "to_tuples",
            ]),
        "polars": ClosedMethods(
            [
                (.evaluates, ["sql", "inspect"]),
                (.text, ["write_csv", "write_json", "write_ndjson"]),
                (.writes, ["serialize", "deserialize", "show_graph", "remote"]),
                (.leadsOut, ["plot", "style", "to_torch", "to_jax"]),
            ], beginnings: ["write_", "sink_"]),
        "numpy": ClosedMethods(
            [(.writes, ["tofile", "dump"]), (.leadsOut, ["ctypes", "data", "resize"])], beginnings: []),
    ]
}
