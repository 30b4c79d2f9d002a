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
    ) throws -> PythonObject?

    /// Answers with what a deed gives for the arguments; nil is the end of an iteration.
    func answer(_ py: borrowing Python, _ deed: Deed) -> HostReply {
        answer(py) { py in
            let passed = try passed(py)
            let positional = passed.positional.map { PythonObject(owning: $0) }
            let named = zip(passed.names, passed.named).map { ($0, PythonObject(owning: $1)) }
            return try deed(positional, named, py)?.owned(py)
        }
    }

    /// Answers with what a function of Python's gives for the arguments, behind `first` where there is one.
    func answer(
        calling function: PythonObject, _ py: borrowing Python,
        behind first: () throws(PythonError) -> PythonObject? = { () throws(PythonError) in nil }
    ) -> HostReply {
        answer(py) { py in
            let first = try first()
            guard call.keywords.isEmpty else {
                let passed = try passed(py)
                let positional = passed.positional.map { PythonObject(owning: $0) }
                let named = zip(passed.names, passed.named).map { ($0, PythonObject(owning: $1)) }
                return try function.invoke((first.map { [$0] } ?? []) + positional, named, py).owned(py)
            }
            let count = call.arguments.count
            return try withUnsafeTemporaryAllocation(of: PyRef?.self, capacity: count + 1) { passed in
                passed.initialize(repeating: nil)
                passed[0] = first?.pointer
                let arguments = UnsafeMutableBufferPointer(rebasing: passed[1...])
                defer { for argument in arguments { py_xdecref(argument) } }
                try convert(into: arguments, py)
                let skipped = first == nil ? 1 : 0
                let start = passed.baseAddress.map { $0 + skipped }
                guard let result = py_call(function.pointer, start, count + 1 - skipped) else {
                    throw PythonError.taken(py)
                }
                return result
            }
        }
    }

    /// Answers with an iterator over an object, which is no object of its own where its items can come several at a time.
    func answer(iterating guest: PythonGuest, _ py: borrowing Python) -> HostReply {
        core.whileWorking {
            do {
                if let items = try PythonItems(of: guest.object, py) {
                    return core.answer(call) { try core.handle(for: items, $0) }
                }
                if let stream = try PythonAsyncItems(of: guest.object, py) {
                    return core.answer(call) { try core.handle(for: stream, $0) }
                }
                let iterator = try guest.iterator(py)
                return withExtendedLifetime(iterator) { answer(with: iterator.pointer, py) }
            } catch {
                return fail(PythonError(mapping: error, py), py)
            }
        }
    }

    /// Answers the end of a `with`, whose manager gets the exception that ends it as a host would.
    func answer(leaving manager: PythonManager, _ py: borrowing Python) -> HostReply {
        answer(py) { py in
            let failure = try core.withLock { interpreter in
                call.arguments.count > 1 ? core.failure(of: call.arguments[1], interpreter) : nil
            }
            return try manager.leave(failure?.pythonError(py).exception(py), py).owned(py)
        }
    }

    /// Answers a loop with a list of items; nil is the end.
    func answer(
        withItems py: borrowing Python, _ next: (borrowing Python) throws(PythonError) -> PythonObject?
    ) -> HostReply {
        core.whileWorking {
            do {
                let items = try CallInterruption.interruptible(in: core) { () throws(PythonError) in try next(py) }
                guard let items else { return core.end(call) }
                return withExtendedLifetime(items) { answer(with: items.pointer, areItems: true, py) }
            } catch {
                return fail(PythonError(mapping: error, py), py)
            }
        }
    }

    /// What Python begins in this context while it works for the program runs inside the program's turn.
    private func answer(_ py: borrowing Python, _ make: (borrowing Python) throws -> PyRef?) -> HostReply {
        core.whileWorking {
            do {
                let result = try CallInterruption.interruptible(in: core) { try make(py) }
                guard let result else { return core.end(call) }
                defer { py_decref(result) }
                if PythonCall.isAwaitable(result) {
                    return later(PythonObject(borrowing: result, py), try CoroutineHost(py))
                }
                return answer(with: result, py)
            } catch {
                if let failure = error as? DanaFailure, case .limit = failure.cause { return core.fail(call, failure) }
                return fail(PythonError(mapping: error, py), py)
            }
        }
    }

    /// Answers with what a function has given, whose reference is taken over, or with the error that it has set.
    func answer(returned: PyRef?, _ py: borrowing Python) -> HostReply {
        answer(py) { py throws(PythonError) in
            guard let returned else { throw .taken(py) }
            return returned
        }
    }

    // MARK: Arguments

    /// The arguments as new references, and the names of those that have one.
    private struct Passed {
        var positional: [PyRef] = []
        var named: [PyRef] = []
        var names: [String] = []
    }

    private func passed(_ py: borrowing Python) throws -> Passed {
        var passed = Passed()
        let count = call.arguments.count
        try withUnsafeTemporaryAllocation(of: PyRef?.self, capacity: count + call.keywords.count + 1) { made in
            made.initialize(repeating: nil)
            let arguments = UnsafeMutableBufferPointer(rebasing: made.dropLast())
            do {
                passed.names = try convert(into: arguments, py)
            } catch {
                for argument in arguments { py_xdecref(argument) }
                throw error
            }
            passed.positional = arguments[..<count].compactMap(\.self)
            passed.named = arguments[count...].compactMap(\.self)
        }
        return passed
    }

    /// Puts new references to the arguments in their places, those with names behind the others; gives the names.
    @discardableResult
    private func convert(into places: UnsafeMutableBufferPointer<PyRef?>, _ py: borrowing Python) throws -> [String] {
        var (names, pending) = try core.withLockForConversion(py) { interpreter -> ([String], PendingObjects) in
            var converter = DanaToPython(core, interpreter)
            let count = call.arguments.count
            for index in 0..<count { places[index] = try converter.object(call.arguments[index], py) }
            var names: [String] = []
            for (index, keyword) in call.keywords.enumerated() {
                names.append(keyword.name.text)
                places[count + index] = try converter.object(keyword.value, py)
            }
            return (names, converter.pending)
        }
        try pending.fill(py)
        guard pending.needsPresenting else { return names }
        for index in places.indices {
            guard let argument = places[index] else { continue }
            places[index] = nil
            places[index] = try pending.seen(argument, py)
        }
        return names
    }

    // MARK: Results

    private func answer(with result: PyRef, areItems: Bool = false, _ py: borrowing Python) -> HostReply {
        do {
            let prepared =
                Preparation.isNeeded(for: result)
                ? try Preparation.result(for: PythonObject(borrowing: result, py), py) : nil
            try core.withLockForConversion(py) { interpreter in
                let converter = PythonToDana(
                    core: core, interpreter: interpreter, isGift: false, isMember: isOfAttribute,
                    isOfModule: isOfModule)
                let value = try converter.value(prepared?.pointer ?? result, py)
                if areItems {
                    interpreter.answer(call.identifier, withItems: value)
                } else {
                    interpreter.answer(call.identifier, with: value)
                }
            }
            return .answered
        } catch {
            if let failure = error as? DanaFailure { return core.fail(call, failure) }
            return fail(PythonError(mapping: error, py), py)
        }
    }

    /// Whether the call asks for an attribute.
    private var isOfAttribute: Bool {
        switch call.request {
        case .operation(_, .attribute), .operation(_, .builtin("getattr")): true
        default: false
        }
    }

    /// Whether the call asks a module for an attribute; with the lock held.
    private var isOfModule: Bool {
        guard case .operation(let number, .attribute) = call.request, let guest = core.object(number) as? PythonGuest
        else { return false }
        return py_is_module(guest.object.pointer) != 0
    }

    /// Answers with an exception of Python's.
    func fail(_ error: PythonError, _ py: borrowing Python) -> HostReply {
        // A cancelled run unwinds by itself, from where it waits.
        if core.cancellation.isCancelled, core.remainingCleanup == nil, CallInterruption.isInterrupt(error, py) {
            return .answered
        }
        let seen = SeenException(error, py)
        guard let arguments = seen.arguments else {
            return core.fail(call, seen.kind, seen.message, origin: seen.origin)
        }
        return withExtendedLifetime(arguments) {
            core.fail(call, seen.kind, seen.message, origin: seen.origin, areApart: seen.areApart) { interpreter in
                try Python.hold { py in
                    try PythonToDana(core: core, interpreter: interpreter).value(arguments.pointer, py)
                }
            }
        }
    }

    private static func isAwaitable(_ object: PyRef) -> Bool {
        guard py_kind(object) == Int32(PY_KIND_OTHER) else { return false }
        return py_has_await(object) != 0
    }

    /// Awaits a coroutine on the event loop that the caller runs on, or on one of its own where there is none.
    private func later(_ awaitable: PythonObject, _ host: CoroutineHost) -> HostReply {
        let core = core
        return .later {
            do {
                let result = try await host.result(of: awaitable)
                return { call in
                    Python.hold { py in _ = PythonCall(core: core, call: call).answer(with: result.pointer, py) }
                }
            } catch let error as PythonError {
                return { call in
                    Python.hold { py in
                        let isEnd = call.asksForNextItem && error.matches(.stopAsyncIteration, py)
                        _ = isEnd ? core.end(call) : PythonCall(core: core, call: call).fail(error, py)
                    }
                }
            } catch {
                // A cancelled run unwinds by itself, from where it waits.
                let isCancelled = Task.isCancelled
                return { call in if !isCancelled { core.fail(call, .hostError, "the call was cancelled") } }
            }
        }
    }
}

extension HostCall {
    /// Whether it is answered with an item, or with the end.
    fileprivate var asksForNextItem: Bool {
        switch request {
        case .operation(_, .next), .operation(_, .nextOfLoop): true
        default: false
        }
    }
}
