/// One call under way: a record on its fiber's stack of frames.
struct Frame {
    /// What becomes of the frame's result.
    enum Purpose: UInt8 {
        /// The fiber's first frame: its result is the fiber's.
        case bottom
        /// R[A] of the calling instruction.
        case call
        /// A generator, driven by the `forNext` that resumed it.
        case forNext
        /// A generator, driven until its end; its items go to the list in `payload`, which then replaces the register
        /// the caller named, and the calling instruction runs again.
        case drain
        /// A generator, driven by `send` or `next`: its item is R[A] of the calling instruction. At its end that
        /// is the payload, or StopIteration when the payload is undefined.
        case advance
        /// A generator that is being closed: its end is null in R[A].
        case close
        /// A module's body: the module is R[A].
        case module
        /// Makes the default of one field, number `detail`, of the struct under construction in `payload`.
        case fieldDefault
        /// A generator that was dropped and is being closed: nobody waits for its end, and its errors are nobody's. The
        /// frame below stands before the instruction that it goes on with.
        case abandoned
        /// The fiber's first frame, the body of a module that the host imports: the fiber's result is the module where
        /// `detail` is 1, else null.
        case imported

        /// Whether the frame is its fiber's first.
        var isFirst: Bool { self == .bottom || self == .imported }
    }

    var code: UnsafeMutablePointer<LinkedCode>
    /// The next instruction, kept while another frame runs.
    var pc: UnsafePointer<Instruction>
    var base: UnsafeMutablePointer<Value>
    /// The first register of the fiber's stack that is free: where the next call's window begins.
    var top: UnsafeMutablePointer<Value>
    /// What runs, one reference: a function, the module for its body, or null.
    var function: Value
    /// The generator whose registers the frame uses, one reference; null for a call.
    var generator: Value
    /// What the purpose says, one reference.
    var payload: Value
    var purpose: Purpose
    /// A field's number, or what a drain replaces: see `DrainTarget`.
    var detail: UInt32
}
