import CPython
import PythonTrampolines

/// A DLPack tensor that its producer has handed over: its deleter is called once, with the interpreter held.
final class TensorHold: @unchecked Sendable {
    // Safe because nothing here changes after the initialiser.
    private enum Managed {
        case plain(UnsafeMutablePointer<DLManagedTensor>)
        case versioned(UnsafeMutablePointer<DLManagedTensorVersioned>)
    }

    private let managed: Managed
    let tensor: DLTensor
    let isReadOnly: Bool

    /// Takes the tensor out of the capsule, whose name then says that it is taken.
    init(capsule: PythonObject, _ py: borrowing Python) throws(PythonError) {
        if PyCapsule_IsValid(capsule.pointer, Self.versioned.pointer) != 0,
            let content = PyCapsule_GetPointer(capsule.pointer, Self.versioned.pointer)
        {
            let tensor = content.assumingMemoryBound(to: DLManagedTensorVersioned.self)
            guard tensor.pointee.major == 1 else {
                throw PythonError(.bufferError, "a tensor of DLPack \(tensor.pointee.major); version 1 is understood")
            }
            managed = .versioned(tensor)
            self.tensor = tensor.pointee.dl_tensor
            isReadOnly = tensor.pointee.flags & 1 != 0
            PyCapsule_SetName(capsule.pointer, Self.usedVersioned.pointer)
        } else if PyCapsule_IsValid(capsule.pointer, Self.plain.pointer) != 0,
            let content = PyCapsule_GetPointer(capsule.pointer, Self.plain.pointer)
        {
            let tensor = content.assumingMemoryBound(to: DLManagedTensor.self)
            managed = .plain(tensor)
            self.tensor = tensor.pointee.dl_tensor
            isReadOnly = false
            PyCapsule_SetName(capsule.pointer, Self.usedPlain.pointer)
        } else {
            throw .typeError("__dlpack__ gave no capsule of a tensor that is still to be taken")
        }
    }

    /// Where the first element is; nil for a tensor without memory.
    var start: UnsafeMutableRawPointer? { tensor.data.map { $0 + Int(tensor.byte_offset) } }

    deinit {
        switch managed {
        case .plain(let tensor): TensorHold.give(tensor, deletePlain)
        case .versioned(let tensor): TensorHold.give(tensor, deleteVersioned)
        }
    }

    private static func give(
        _ tensor: UnsafeMutableRawPointer, _ delete: @convention(c) (UnsafeMutableRawPointer) -> Void
    ) {
        if dana_held_get() > 0 { delete(tensor) } else { ReleaseQueue.push(tensor, releasedBy: delete) }
    }

    // Capsules keep the addresses of their names.
    private static let plain: StaticString = "dltensor"
    private static let usedPlain: StaticString = "used_dltensor"
    private static let versioned: StaticString = "dltensor_versioned"
    private static let usedVersioned: StaticString = "used_dltensor_versioned"
}

private let deletePlain: @convention(c) (UnsafeMutableRawPointer) -> Void = { thing in
    let tensor = thing.assumingMemoryBound(to: DLManagedTensor.self)
    tensor.pointee.deleter?(tensor)
}

private let deleteVersioned: @convention(c) (UnsafeMutableRawPointer) -> Void = { thing in
    let tensor = thing.assumingMemoryBound(to: DLManagedTensorVersioned.self)
    tensor.pointee.deleter?(tensor)
}
