import CPython
import PythonTrampolines

/// A tensor in this machine's memory, taken over through DLPack (`__dlpack__`) without a copy.
///
/// The producer's memory stays until the last copy of this is gone, on whatever thread that happens. Tensors on
/// other devices are refused: copy them to the CPU first.
public struct PythonTensor: Sendable {
    private let hold: TensorHold

    /// Asks the object for its tensor: with versions if it knows them, which tell whether it is read-only.
    public init(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        for name in ["__dlpack__", "__dlpack_device__"] where PyObject_HasAttrString(object.pointer, name) == 0 {
            throw .mismatch("a tensor with __dlpack__ and __dlpack_device__", object.pointer, py)
        }
        let device = try object.attribute("__dlpack_device__", py).call(py)
        let kind = try Tuple2<Int, Int>.fromPython(device.pointer, py).values.0
        guard kind == Self.cpu else { throw Self.elsewhere(kind) }
        hold = try TensorHold(capsule: Self.capsule(of: object, py), py)
        guard Int(hold.tensor.device.device_type) == Self.cpu else {
            throw Self.elsewhere(Int(hold.tensor.device.device_type))
        }
        guard hold.tensor.dtype.lanes == 1, hold.tensor.ndim >= 0, hold.tensor.dtype.bits % 8 == 0 else {
            throw PythonError(
                .bufferError, "a tensor of \(hold.tensor.dtype.bits)-bit elements in \(hold.tensor.dtype.lanes) lanes")
        }
        guard hold.tensor.ndim == 0 || hold.tensor.shape != nil else {
            throw PythonError(.bufferError, "the tensor's producer gives no shape")
        }
    }

    private static let cpu = 1

    private static func elsewhere(_ device: Int) -> PythonError {
        PythonError(
            .bufferError,
            "the tensor lies on DLPack device type \(device), not in the CPU's memory: copy it there first")
    }

    private static func capsule(of object: PythonObject, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let method = try object.attribute("__dlpack__", py)
        let version = try Tuple2(1, 0).toPython(py)
        defer { py_decref(version) }
        if let capsule = py_call_named(method.pointer, "max_version", version) {
            return PythonObject(owning: capsule)
        }
        // Producers from before the versions do not know the parameter.
        let refusal = PythonError.taken(py)
        guard refusal.matches(.typeError, py) else { throw refusal }
        return try method.call(py)
    }

    /// How many elements there are in each dimension.
    public var shape: [Int] {
        withExtendedLifetime(hold) {
            guard let sizes = hold.tensor.shape else { return [] }
            return (0..<Int(hold.tensor.ndim)).map { Int(sizes[$0]) }
        }
    }

    /// How many elements lie between neighbours in each dimension; may be negative.
    public var strides: [Int] {
        withExtendedLifetime(hold) {
            if let steps = hold.tensor.strides { return (0..<Int(hold.tensor.ndim)).map { Int(steps[$0]) } }
            var step = 1
            return Array(
                shape.reversed().map { size in
                    defer { step *= size }
                    return step
                }.reversed())
        }
    }

    /// How many elements there are.
    public var count: Int { shape.reduce(1, *) }

    /// Whether the producer forbids writing; one that does not know versions cannot say so.
    public var isReadOnly: Bool { hold.isReadOnly }

    /// What the elements are: `float64`, `int8`.
    public var elementName: String {
        let kinds = ["int", "uint", "float", "handle", "bfloat", "complex", "bool"]
        let code = Int(hold.tensor.dtype.code)
        let kind = kinds.indices.contains(code) ? kinds[code] : "code \(code) of "
        return code == 6 ? kind : "\(kind)\(hold.tensor.dtype.bits)"
    }

    /// Whether the elements lie one after the other, the last dimension varying fastest.
    public var isContiguous: Bool {
        var step = 1
        for (size, stride) in zip(shape, strides).reversed() {
            if size == 0 { return true }
            if size != 1 && stride != step { return false }
            step *= size
        }
        return true
    }

    /// The elements, in place. The tensor must be contiguous and hold elements of this type.
    public func withElements<Element: BufferElement, Result, Failure: Error>(
        of type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        try check(type)
        guard isContiguous else {
            throw PythonError(
                .bufferError, "the tensor is not contiguous (strides \(strides)): read a copy with array(of:)")
        }
        return try withExtendedLifetime(hold) {
            // Safe because the producer vouches for `count` elements of the checked type, kept by the hold.
            try body(try Element.elements(at: hold.start, count: count))
        }
    }

    /// The elements, in place and writable. The tensor must be writable, contiguous and hold elements of this type.
    public func withMutableElements<Element: BufferElement, Result, Failure: Error>(
        of type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        guard !isReadOnly else { throw PythonError(.bufferError, "the tensor is read-only: write to a copy") }
        return try withElements(of: type) { try body(UnsafeMutableBufferPointer(mutating: $0)) }
    }

    /// A copy of the elements in the order of their indexes, whatever the strides.
    public func array<Element: BufferElement>(of type: Element.Type) throws(PythonError) -> [Element] {
        try check(type)
        guard let start = hold.start else { return [] }
        let size = MemoryLayout<Element>.size
        return withExtendedLifetime(hold) {
            StridedOffsets(shape: shape, strides: strides.map { $0 * size }).map {
                // Safe because the offset is that of an index inside the shape.
                Element.element(at: start + $0)
            }
        }
    }

    private func check<Element: BufferElement>(_ type: Element.Type) throws(PythonError) {
        let kind: BufferClass? =
            switch hold.tensor.dtype.code {
            case 0: .signed
            case 1: .unsigned
            case 2: .float
            case 5: .complex
            case 6: .bool
            default: nil
            }
        guard kind == Element.bufferClass, Int(hold.tensor.dtype.bits) == 8 * MemoryLayout<Element>.size else {
            throw .typeError("expected a tensor of \(Element.self), got one of \(elementName)")
        }
    }
}

extension PythonTensor: FromPython {
    public static var pythonTypeName: String { "tensor" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PythonTensor {
        try PythonTensor(PythonObject(borrowing: object, py), py)
    }
}
