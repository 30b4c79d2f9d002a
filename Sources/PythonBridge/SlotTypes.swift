import CPython

/// A slot's function as the untyped pointer that CPython's tables hold.
func slotPointer<Function>(_ function: Function) -> UnsafeMutableRawPointer {
    // Safe because only `@convention(c)` functions, one pointer wide, are passed.
    unsafeBitCast(function, to: UnsafeMutableRawPointer.self)
}

typealias UnarySlot = @convention(c) (PyRef?) -> PyRef?
typealias DeallocationSlot = @convention(c) (PyRef?) -> Void
typealias SendSlot = @convention(c) (PyRef?, PyRef?, UnsafeMutablePointer<PyRef?>?) -> PySendResult
typealias FastMethod = @convention(c) (PyRef?, UnsafePointer<PyRef?>?, Int) -> PyRef?
typealias KeywordMethod = @convention(c) (PyRef?, UnsafePointer<PyRef?>?, Int, PyRef?) -> PyRef?
typealias GetterSlot = @convention(c) (PyRef?, UnsafeMutableRawPointer?) -> PyRef?
typealias SetterSlot = @convention(c) (PyRef?, PyRef?, UnsafeMutableRawPointer?) -> Int32
