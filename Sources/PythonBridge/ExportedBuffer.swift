import CPython
import Glibc

/// Memory of Swift that Python sees in place, through the buffer protocol: `numpy.asarray(buffer)` and
/// `memoryview(buffer)` make no copy.
///
/// The memory lives as long as this object or any view of it in Python. Python may not write to it unless
/// `isWritable` says so; Swift does not write to it after it is made.
public final class ExportedBuffer: @unchecked Sendable {
    // Safe because the memory is written before anyone sees this, and afterwards by Python alone if at all.
    private let start: UnsafeMutableRawPointer
    private let byteCount: Int
    private let elementSize: Int
    private let dimensions: Int
    /// The sizes of the dimensions, then the steps in bytes: views in Python point here.
    private let table: UnsafeMutablePointer<Int>
    private let format: UnsafeMutablePointer<CChar>?
    private let isWritable: Bool
    private let release: @Sendable (UnsafeMutableRawPointer) -> Void

    /// Takes over memory that `release` will give back, on any thread. It holds as many elements as the shape says.
    public init<Element: BufferElement>(
        adopting start: UnsafeMutablePointer<Element>, shape: [Int], isWritable: Bool = false,
        release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
    ) throws(PythonError) {
        var steps: [Int] = []
        var size = MemoryLayout<Element>.stride
        var isPossible = shape.count <= 64
        for extent in shape.reversed() {
            steps.append(size)
            let product = size.multipliedReportingOverflow(by: extent)
            isPossible = isPossible && extent >= 0 && !product.overflow
            size = product.partialValue
        }
        guard isPossible else {
            throw .valueError("a buffer of shape \(shape): the most is 64 dimensions, none negative, in one memory")
        }
        self.start = UnsafeMutableRawPointer(start)
        byteCount = size
        elementSize = MemoryLayout<Element>.stride
        dimensions = shape.count
        table = .allocate(capacity: max(1, 2 * shape.count))
        for (index, number) in (shape + steps.reversed()).enumerated() { (table + index).initialize(to: number) }
        format = strdup(Element.pythonFormat)
        self.isWritable = isWritable
        self.release = release
    }

    /// Memory for as many elements as the shape says, zero at first, filled by `fill`.
    public convenience init<Element: BufferElement>(
        of type: Element.Type, shape: [Int], isWritable: Bool = false,
        _ fill: (UnsafeMutableBufferPointer<Element>) -> Void
    ) throws(PythonError) {
        var count = 1
        for extent in shape {
            let product = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !product.overflow else { throw .valueError("no memory has the shape \(shape)") }
            count = product.partialValue
        }
        guard let memory = calloc(max(1, count), MemoryLayout<Element>.stride) else {
            throw PythonError(.memoryError, "no memory for \(count) elements of \(Element.self)")
        }
        let elements = memory.bindMemory(to: Element.self, capacity: count)
        fill(UnsafeMutableBufferPointer(start: elements, count: count))
        try self.init(adopting: elements, shape: shape, isWritable: isWritable) { free($0) }
    }

    /// A copy of the elements, in one dimension.
    public convenience init<Element: BufferElement>(
        _ elements: [Element], isWritable: Bool = false
    ) throws(PythonError) {
        try self.init(of: Element.self, shape: [elements.count], isWritable: isWritable) { memory in
            _ = memory.update(fromContentsOf: elements)
        }
    }

    deinit {
        release(start)
        table.deallocate()
        free(format)
    }

    /// Describes the memory as the flags ask for it; nil when done, or why not.
    fileprivate func describe(_ view: UnsafeMutablePointer<Py_buffer>, _ flags: Int32, for object: PyRef) -> String? {
        guard isWritable || py_buffer_wants_writable(flags) == 0 else { return "the buffer is read-only" }
        guard dimensions < 2 || py_buffer_wants_fortran(flags) == 0 else {
            return "the buffer's last dimension varies fastest, not its first"
        }
        view.pointee = Py_buffer()
        view.pointee.buf = start
        view.pointee.len = byteCount
        view.pointee.itemsize = elementSize
        view.pointee.readonly = isWritable ? 0 : 1
        view.pointee.ndim = Int32(dimensions)
        if py_buffer_wants_format(flags) != 0 { view.pointee.format = format }
        if py_buffer_wants_shape(flags) != 0 { view.pointee.shape = table }
        if py_buffer_wants_strides(flags) != 0 { view.pointee.strides = table + dimensions }
        py_incref(object)
        view.pointee.obj = object
        return nil
    }
}

extension ExportedBuffer: ToPython {
    /// A Python object that lends the memory.
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { try Self.type(py).make(self, py) }

    private static let made = Once<HostType<ExportedBuffer>>()

    private static func type(_ py: borrowing Python) throws(PythonError) -> HostType<ExportedBuffer> {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.Buffer", doc: "Memory of Swift, seen in place through the buffer protocol.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_bf_getbuffer, pfunc: slotPointer(lend)),
                ], py)
        }
    }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in HostType<ExportedBuffer>.destroy(object) }
    }

    private static let lend: LendSlot = { object, view, flags in
        guard let object, let view else { return -1 }
        guard let refusal = HostType<ExportedBuffer>.content(object).describe(view, flags, for: object) else {
            return 0
        }
        view.pointee.obj = nil
        return PythonEntry.status { _ throws(PythonError) in throw PythonError(.bufferError, refusal) }
    }
}

private typealias LendSlot = @convention(c) (PyRef?, UnsafeMutablePointer<Py_buffer>?, Int32) -> Int32
