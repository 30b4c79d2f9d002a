import CPython
import Dana
import DanaLanguage
import PythonBridge

/// A context as the Python side holds it.
final class ContextHandle: PythonExported, ContextOwner {
    let core: ContextCore

    init(_ core: ContextCore) { self.core = core }

    deinit { core.abandon() }

    private static let mainModule = DanaContext.mainModule

    static let pythonClass = PythonClass("Context", doc: "An isolated place in which Dana programs run.") {
        function("run", "self", "program", doc: "Runs a program and gives what its last expression comes to.") {
            (context: ContextHandle, program: ProgramHandle) throws(PythonError) -> PythonObject in
            let core = context.core
            return try Python.hold { py throws(PythonError) in
                do {
                    let program = try program.program(in: core)
                    let begin = { (interpreter: Interpreter) in
                        try interpreter.begin(program, module: mainModule)
                    }
                    let result = try QuickRun.result(in: core, py, begin: begin)
                    return PythonObject(owning: try result ?? SyncRun.quickResult(in: core, py, begin: begin))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        asyncFunction(
            "run_async", "self", "program", doc: "Runs a program and awaits what its last expression comes to."
        ) {
            (context: ContextHandle, program: ProgramHandle) async throws -> PythonObject in
            let core = context.core
            let program = try program.program(in: core)
            return try await AsyncRun.quickResult(in: core) { interpreter, _ in
                try interpreter.begin(program, module: mainModule)
            }
        }
        function("import_module", "self", "name", doc: "Imports a module, as a program does.") {
            (context: ContextHandle, name: String) throws(PythonError) -> PythonObject in
            let core = context.core
            return try sync(core) { isInside in try core.begin(importing: name, isInside: isInside) }
        }
        asyncFunction("import_module_async", "self", "name", doc: "Imports a module, as a program does.") {
            (context: ContextHandle, name: String) async throws -> PythonObject in
            let core = context.core
            return try await AsyncRun.result(in: core) { isInside in
                try core.begin(importing: name, isInside: isInside)
            }
        }
        function("require_module", "self", "name", doc: "Imports a module for its functions to be called by name.") {
            (context: ContextHandle, name: String) throws(PythonError) in
            let core = context.core
            _ = try sync(core) { isInside in try core.begin(importing: name, gives: false, isInside: isInside) }
            return Nothing()
        }
        asyncFunction(
            "require_module_async", "self", "name", doc: "Imports a module for its functions to be called by name."
        ) { (context: ContextHandle, name: String) async throws in
            let core = context.core
            _ = try await AsyncRun.result(in: core) { isInside in
                try core.begin(importing: name, gives: false, isInside: isInside)
            }
            return Nothing()
        }
        function("load_module", "self", "name", "path", doc: "Runs a file as a module that imports find.") {
            (context: ContextHandle, name: String, path: String) throws(PythonError) -> PythonObject in
            let core = context.core
            _ = try sync(core) { isInside in try core.begin(loading: name, file: path, isInside: isInside) }
            return try Python.hold { py throws(PythonError) in
                do {
                    let module = try core.withLock { interpreter -> SentValue in
                        guard let module = interpreter.module(name) else {
                            throw DanaFailure(.usage, kind: "ModuleNotFoundError", "No module named '\(name)'")
                        }
                        interpreter.retain(module)
                        return SentValue(value: module)
                    }
                    return PythonObject(owning: try DanaToPython.converted(module.value, in: core, wraps: false, py))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("reload", "self", "name", doc: "Imports a module anew.") {
            (context: ContextHandle, name: String) throws(PythonError) -> PythonObject in
            let core = context.core
            do {
                return try core.reloading(name) {
                    try sync(core) { isInside in try core.begin(importing: name, isInside: isInside) }
                }
            } catch {
                throw Python.hold { py in PythonError(mapping: error, py) }
            }
        }
        function("go_on", "self", doc: "Goes on with what was under way when the context was saved.") {
            (context: ContextHandle) throws(PythonError) -> PythonObject in
            let core = context.core
            return try sync(core) { isInside in try core.beginResumed(isInside: isInside) }
        }
        asyncFunction("go_on_async", "self", doc: "Goes on with what was under way when the context was saved.") {
            (context: ContextHandle) async throws -> PythonObject in
            let core = context.core
            return try await AsyncRun.result(in: core) { isInside in try core.beginResumed(isInside: isInside) }
        }
        function("function", "self", "name", doc: "A function by its name.") {
            (context: ContextHandle, name: String) throws(PythonError) -> FunctionHandle in
            try Python.hold { py throws(PythonError) in
                do {
                    let found = try context.core.function(name)
                    return FunctionHandle(found.reference, found.signature, wraps: false)
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("call", "self", "name", "args", "kwargs", doc: "Calls a function by its name.") {
            (context: ContextHandle, name: String, arguments: PassedTuple, keywords: PassedDict)
                throws(PythonError) -> PythonObject in
            let core = context.core
            return try Python.hold { py throws(PythonError) in
                let (positional, isNamed) = (arguments.object, py_dict_size(keywords.object) > 0)
                let quick = try QuickRun.result(in: core, py) { interpreter in
                    if isNamed { return nil }
                    let callee = try core.callable(name, interpreter)
                    return try PassedArguments.begin(
                        calling: callee, py_tuple_size(positional), interpreter, py
                    ) { py_tuple_get(positional, $0) }
                }
                if let quick { return PythonObject(owning: quick) }
                let passed = try PassedArguments(positional, keywords.object, to: core, py)
                return PythonObject(
                    owning: try SyncRun.quickResult(in: core, py) { interpreter in
                        try passed.begin(calling: try core.callable(name, interpreter), core, interpreter, py)
                    })
            }
        }
        asyncFunction("call_async", "self", "name", "args", "kwargs", doc: "Calls a function by its name.") {
            (context: ContextHandle, name: String, arguments: PositionalArguments, keywords: KeywordArguments)
                async throws -> PythonObject in
            let core = context.core
            let passed = try Python.hold { py throws(PythonError) in
                try PassedArguments(keeping: arguments.tuple.pointer, keywords.dictionary.pointer, to: core, py)
            }
            return try await AsyncRun.quickResult(in: core) { interpreter, py in
                try passed.begin(calling: try core.callable(name, interpreter), core, interpreter, py)
            }
        }
        function("redact", "self", "text", doc: "A text without what is secret in it or looks so.") {
            (context: ContextHandle, text: String) in context.core.redacted(text, in: "text")
        }
        function("variables", "self", "scope", doc: "The variables of a scope.") {
            (context: ContextHandle, scope: ScopeName) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                try PassedContext.variables(of: scope.kind, context.core, py)
            }
        }
        function("set_variable", "self", "scope", "name", "value", doc: "Sets a variable of a scope.") {
            (context: ContextHandle, scope: ScopeName, name: String, value: PythonObject) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                try context.core.setVariable(name, of: scope, to: value, py)
            }
            return Nothing()
        }
        function("delete_variable", "self", "scope", "name", doc: "Deletes a variable of a scope.") {
            (context: ContextHandle, scope: ScopeName, name: String) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                do {
                    guard try context.core.deleteVariable(name, of: scope.kind) else {
                        throw PythonError(.keyError, name)
                    }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
            return Nothing()
        }
        function("has_local", "self", "name", doc: "Whether the main program has a variable of a name.") {
            (context: ContextHandle, name: String) in context.core.hasLocal(name)
        }
        function("cancel", "self", "reason", doc: "Stops what runs.") { (context: ContextHandle, reason: String) in
            context.core.cancel(reason: reason)
            return Nothing()
        }
        function("save", "self", "key", doc: "The paused program as bytes, sealed with a key.") {
            (context: ContextHandle, key: Bytes) throws(PythonError) -> Bytes in
            try Python.hold { py throws(PythonError) in
                do {
                    return Bytes(try context.core.save(key: try key.sealKey))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("close", "self", doc: "Cancels what runs, waits for its cleanup, and frees everything.") {
            (context: ContextHandle) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                if context.core.closeIfFree() { return }
                do {
                    let core = context.core
                    guard try py.mayBlock() else {
                        core.abandon()
                        throw DanaFailure.closingOnLoop
                    }
                    try Python.wait("close") { await core.close() }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
            return Nothing()
        }
        function("close_if_free", "self", doc: "Frees everything where nothing runs; whether it is closed then.") {
            (context: ContextHandle) in context.core.closeIfFree()
        }
        asyncFunction("close_async", "self", doc: "Cancels what runs, waits for its cleanup, and frees everything.") {
            (context: ContextHandle) async in
            await context.core.close()
            return Nothing()
        }
        property("number", doc: "The context's number in its runtime.") { (context: ContextHandle) in
            Int(clamping: context.core.number)
        }
        property("closed", doc: "Whether it is closed.") { (context: ContextHandle) in context.core.isClosed }
        property("ticks", doc: "Calls and loop turns so far.") { (context: ContextHandle) in context.core.ticks }
        property("memory", doc: "Bytes that its values take.") { (context: ContextHandle) in context.core.memory }
        function("__repr__", "self") { (context: ContextHandle) in "<Dana context \(context.core.number)>" }
    }

    private static func sync(
        _ core: ContextCore, _ begin: (Bool) throws -> ContextRun
    ) throws(PythonError) -> PythonObject {
        try Python.hold { py throws(PythonError) in
            PythonObject(owning: try SyncRun.result(in: core, py, begin: begin))
        }
    }
}

extension ContextCore {
    /// Sets a variable of a scope to a value of Python's.
    func setVariable(
        _ name: String, of scope: ScopeName, to value: PythonObject, _ py: borrowing Python
    ) throws(PythonError) {
        let prepared = try Preparation.result(for: value, py)
        do {
            try withLockForConversion(py) { interpreter in
                let made = try PythonToDana(core: self, interpreter: interpreter).value(prepared.pointer, py)
                try setVariable(name, of: scope.kind, to: made, interpreter)
            }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}
