import CPython
import PythonBridge

/// Methods of frames, columns and arrays that reach past a context: they evaluate text as code, touch files and servers,
/// print, load modules, lead to libraries of which nothing is known here, to bare memory, or to the time. They are closed
/// by name to each type of the library and to those that are derived from it. What goes in of pyarrow are views without
/// any.
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
        guard !concerned.isEmpty, let ancestors = ancestors(of: object, py) else { return nil }
        let modules = ancestors.map(\.module)
        let library = concerned.first { library in
            modules.contains { "\($0).".utf8.starts(with: "\(library.key).".utf8) }
        }
        // Of a class that is open the time is asked by whoever was given it.
        guard let rules = library?.value, py_is_type(object.pointer) == 0 || rules.rule(of: name) != .tellsTime else {
            return nil
        }
        return rules.reason(against: name, arguments, py)
    }

    /// Why a text is not compared with a value of a library's; nil where it is.
    static func reason(comparing object: PythonObject, with other: PythonObject, _ py: borrowing Python) -> String? {
        guard Int(py_kind(other.pointer)) == PY_KIND_STR, namesFile(other, depth: 0, py),
            ancestors(of: object, py)?.contains(where: { $0.module.hasPrefix("pandas") }) == true
        else { return nil }
        return zoneReason
    }

    /// Whether a class is a library's, and not one of those that hold data, whose values are whoever's that made them:
    /// types of columns, for one, are the same objects for all columns in the process.
    static func isShared(_ type: PythonObject, _ py: borrowing Python) -> Bool {
        let own = (ancestors(of: type, py) ?? []).filter { ancestor in
            ["numpy", "pandas", "polars"].contains { "\(ancestor.module).".utf8.starts(with: "\($0).".utf8) }
        }
        return !own.isEmpty && !own.contains { holders.contains($0.name) }
    }

    private enum Rule {
        case evaluates, writes, prints, leadsOut, unlocks, tellsTime
        /// Gives a text where its first argument, or the one of these names, is left out or null, and else writes a file.
        case text
        /// Calls methods by the names that it is given.
        case dispatches
        /// Reads the name of a time zone out of its arguments, or with columns of names those of types, too.
        case zones, types
        /// May leave something behind that goes on.
        case collects
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
        case .prints: return "it prints past the context's output; print what the value's other methods give"
        case .unlocks: return ClosedMethods.lockReason
        case .tellsTime: return "it tells the time, which now() does where clock is granted"
        case .zones, .types:
            guard let arguments else { return "call it at once" }
            var given = arguments.positional + arguments.named.map(\.1)
            if rule(of: name) == .types {
                for place in given.indices where ClosedMethods.isColumn(given[place], py) {
                    guard let items = ClosedMethods.items(of: given[place], py) else {
                        return "it reads texts as types; give it a text, a type, a dict or a column of them"
                    }
                    given[place] = items
                }
            }
            return given.contains { ClosedMethods.namesFile($0, depth: 0, py) } ? ClosedMethods.zoneReason : nil
        case .collects:
            guard let arguments else { return "call it at once" }
            guard arguments.named.contains(where: { $0.0 == "background" }) else { return nil }
            return "what goes on in the background outlives the program"
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

    /// Whether a text, or one within an argument, names a time zone in the way that may be any file.
    private static func namesFile(_ argument: PythonObject, depth: Int, _ py: borrowing Python) -> Bool {
        switch Int(py_kind(argument.pointer)) {
        case PY_KIND_STR:
            guard let text = try? argument.value(as: String.self, py) else { return true }
            return text.utf8.contains(UInt8(ascii: "/")) && text.lowercased().contains("dateutil/")
        case PY_KIND_LIST, PY_KIND_TUPLE, PY_KIND_SET, PY_KIND_FROZENSET, PY_KIND_DICT:
            let isDict = Int(py_kind(argument.pointer)) == PY_KIND_DICT
            let parts = isDict ? try? argument.callMethod("values", py: py) : argument
            let items = parts.flatMap {
                try? py.builtin("list").call($0, py: py).value(as: [PythonObject].self, py)
            }
            guard depth < 4, let items else { return true }
            return items.contains { namesFile($0, depth: depth + 1, py) }
        default: return false
        }
    }

    private static func isColumn(_ argument: PythonObject, _ py: borrowing Python) -> Bool {
        Int(py_kind(argument.pointer)) == PY_KIND_OTHER && py_is_type(argument.pointer) == 0
            && (try? argument.hasAttribute("__iter__", py)) != false
    }

    /// The items of a column of a library's.
    private static func items(of column: PythonObject, _ py: borrowing Python) -> PythonObject? {
        let isKnown = ancestors(of: column, py)?.contains { $0.module.hasPrefix("pandas") || $0.module == "numpy" }
        return isKnown == true ? try? py.builtin("list").call(column, py: py) : nil
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

    /// An object's type, or a class, and what that is derived from: by module and name.
    private static func ancestors(
        of object: PythonObject, _ py: borrowing Python
    ) -> [(module: String, name: String)]? {
        let type = py_is_type(object.pointer) != 0 ? object : object.type(py)
        let ancestors = try? type.attribute("__mro__", as: [PythonObject].self, py)
        return ancestors?.compactMap { ancestor in
            guard let module = try? ancestor.attribute("__module__", as: String.self, py),
                let name = try? ancestor.attribute("__name__", as: String.self, py)
            else { return nil }
            return (module, name)
        }
    }

    private static let holders: Set<String> = ["ndarray", "void", "DataFrame", "LazyFrame", "Series", "Index"]
    static let lockReason = "whether an array may be written to is for the host to say"
    private static let zoneReason =
        "the name of a time zone behind 'dateutil/' may be any file; name the zone alone, such as 'Europe/Paris'"
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
                (.prints, ["info"]),
                (.leadsOut, ["plot", "hist", "boxplot", "style"]),
                (.tellsTime, ["now", "today", "utcnow"]),
                (
                    .zones,
                    [
                        "tz_localize", "tz_convert", "astimezone", "construct_from_string", "is_dtype", "fromtimestamp",
                        "fromordinal", "asof", "searchsorted", "slice_indexer", "slice_locs", "truncate", "view",
                        "describe", "decode", "get_dummies", "from_breaks", "from_dict", "from_records",
                    ]
                ),
                (.types, ["astype", "select_dtypes"]),
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
                (.prints, ["glimpse", "show"]),
                (.leadsOut, ["plot", "style", "to_torch", "to_jax", "collect_async", "collect_batches", "execute"]),
                (.collects, ["collect"]),
            ], beginnings: ["write_", "sink_"]),
        "numpy": ClosedMethods(
            [
                (.writes, ["tofile", "dump", "dumps"]),
                (.leadsOut, ["ctypes", "data", "resize", "base"]), (.unlocks, ["setflags"]),
            ], beginnings: []),
        "datetime": ClosedMethods([(.tellsTime, ["now", "today", "utcnow"])], beginnings: []),
    ]
}
