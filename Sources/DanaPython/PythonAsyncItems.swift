import CPython
import Dana
import DanaLanguage
import PythonBridge

/// An asynchronous iterator of Python's that a program goes through: each item is awaited as a coroutine is.
final class PythonAsyncItems: PythonGuest, @unchecked Sendable {
    // Safe because nothing of it changes.

    /// The items of an object that only `async for` goes through; nil for any other. All of them come on one event loop,
    /// which only an awaited program has.
    init?(of object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        let type = object.type(py)
        guard try !type.hasAttribute("__iter__", py), try !type.hasAttribute("__getitem__", py),
            try type.hasAttribute("__aiter__", py)
        else { return nil }
        guard LoopBridge.current != nil else {
            throw .typeError(
                "'\(object.typeName(py))' object is asynchronous: only a program that is awaited goes through it, as with "
                    + "call_async or eval_dana_async")
        }
        super.init(try object.callMethod("__aiter__", py: py))
    }

    // It is another object to programs than the iterator.
    override var identity: UInt { UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()) }

    override func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        switch operation {
        case .next, .nextOfLoop:
            Python.hold { py in
                PythonCall(core: core, call: call).answer(py) { _, _, py in
                    try object.callMethod("__anext__", py: py)
                }
            }
        default: super.perform(operation, call, in: core)
        }
    }
}
