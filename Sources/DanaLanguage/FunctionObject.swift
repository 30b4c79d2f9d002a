/// A Dana function: linked code, defaults and captured cells.
struct FunctionObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var code: UnsafeMutablePointer<LinkedCode>
        /// Values behind the layout: first the defaults, as the code's parameters order them, then the cells.
        var count: Int
    }

    static let kind = ObjectKind.function
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var code: UnsafeMutablePointer<LinkedCode> { at.pointee.code }
    var module: ModuleObject { code.pointee.module }

    @inline(__always) var values: UnsafeMutablePointer<Value> {
        // Safe because the values follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: Value.self)
    }

    /// The captured cells, numbered as the code's captures.
    @inline(__always) var cells: UnsafeMutablePointer<Value> { values + code.pointee.defaultCount }
}

/// A built-in function as a value.
struct NativeObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var native: UnsafePointer<LinkedNative>
    }

    static let kind = ObjectKind.native
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var native: UnsafePointer<LinkedNative> { at.pointee.native }
}

/// A method taken from its receiver without being called: `append = xs.append`.
struct BoundMethodObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var receiver: Value
        /// A `FunctionObject` or a `NativeObject`.
        var function: Value
    }

    static let kind = ObjectKind.boundMethod
    let at: UnsafeMutablePointer<Layout>
}

/// A function of the host: calling it suspends the fiber with a `HostCall`.
struct HostFunctionObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        /// The function's index in the interpreter's list of host functions.
        var index: Int
    }

    static let kind = ObjectKind.hostFunction
    let at: UnsafeMutablePointer<Layout>
}

/// `f | g`: a function that gives each stage's result to the next. A stage that is a list runs its functions
/// side by side.
struct PipelineObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        /// A tuple of functions and of lists of functions.
        var stages: Value
        var padding: Int
    }

    static let kind = ObjectKind.pipeline
    let at: UnsafeMutablePointer<Layout>
    var stages: TupleObject { TupleObject(known: at.pointee.stages) }
}
