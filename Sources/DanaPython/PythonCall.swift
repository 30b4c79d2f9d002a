import CPython
import Dana
import DanaLanguage
import PythonBridge

/// A host call that Python answers: arguments out, the deed, the result in. A coroutine is awaited, a generator
/// becomes an iterator, an exception becomes Dana's and keeps its own.
struct PythonCall {
    let core: ContextCore
    let call: HostCall

    typealias Deed = (
        [PythonObject], [(String, PythonObject)], borrowing Python
    ) throws(PythonError) -> PythonObject?

    func answer(_ py: borrowing Python, _ deed: Deed) -> HostReply {
        do {
            let (arguments, keywords) = try arguments(py)
            // What Python begins in this context while it works for the program runs inside the program's turn.
            let result = try ContextScope.$current.withValue(core.scope) { try deed(arguments, keywords, py) }
            guard let result else { return core.end(call) }
            if try PythonCall.isAwaitable(result, py) { return later(result) }
            return answer(with: result, py)
        } catch {
            return fail(PythonError(mapping: error, py), py)
        }
    }

    /// The arguments as Python objects.
    func arguments(
        _ py: borrowing Python
    ) throws(PythonError) -> ([PythonObject], [(String, PythonObject)]) {
        do {
            let core = core
            let call = call
            let made = try core.withLock { interpreter -> ([PyRef], [(String, PyRef)], Bool) in
                var converter = DanaToPython(core, interpreter)
                var positional: [PyRef] = []
                var named: [(String, PyRef)] = []
                do {
                    for value in call.arguments { positional.append(try converter.object(value, py)) }
                    for keyword in call.keywords {
                        named.append((keyword.name.text, try converter.object(keyword.value, py)))
                    }
                } catch {
                    for object in positional { py_decref(object) }
                    for (_, object) in named { py_decref(object) }
                    throw error
                }
                return (positional, named, converter.needsPresenting)
            }
            let presents = made.2
            var positional: [PythonObject] = []
            for object in made.0 {
                positional.append(PythonObject(owning: presents ? try PythonObject.presented(object, py) : object))
            }
            var named: [(String, PythonObject)] = []
            for (name, object) in made.1 {
                named.append(
                    (name, PythonObject(owning: presents ? try PythonObject.presented(object, py) : object)))
            }
            return (positional, named)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    private func answer(with result: PythonObject, _ py: borrowing Python) -> HostReply {
        do {
            let prepared = try PythonToDana.prepared(result, py)
            let core = core
            let call = call
            try core.withLock { interpreter in
                let value = try PythonToDana(core: core, interpreter: interpreter).value(prepared.pointer, py)
                interpreter.answer(call.identifier, with: value)
            }
            return .answered
        } catch {
            if let failure = error as? DanaFailure { return core.fail(call, failure.exceptionKind, failure.message) }
            return fail(PythonError(mapping: error, py), py)
        }
    }

    private func fail(_ error: PythonError, _ py: borrowing Python) -> HostReply {
        let seen = SeenException(error, py)
        return core.fail(call, seen.kind, seen.message, origin: seen.origin)
    }

    private static func isAwaitable(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) -> Bool {
        guard py_kind(object.pointer) == Int32(PY_KIND_OTHER) else { return false }
        return try object.type(py).hasAttribute("__await__", py)
    }

    /// Awaits a coroutine on the event loop that the caller runs on, or on one of its own where there is none.
    private func later(_ awaitable: PythonObject) -> HostReply {
        let core = core
        return .later {
            do {
                let result = try await CoroutineHost.result(of: awaitable)
                return { call in
                    Python.hold { py in _ = PythonCall(core: core, call: call).answer(with: result, py) }
                }
            } catch let error as PythonError {
                return { call in Python.hold { py in _ = PythonCall(core: core, call: call).fail(error, py) } }
            } catch {
                // A cancelled run unwinds by itself, from where it waits.
                return { call in
                    if !core.cancellation.isCancelled { core.fail(call, .hostError, "the call was cancelled") }
                }
            }
        }
    }
}
