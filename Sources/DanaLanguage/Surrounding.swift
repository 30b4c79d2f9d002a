/// Something that surrounds the code being compiled: a loop, or a part of a statement that must do something when
/// control leaves it.
struct Surrounding {
    enum Kind {
        /// `for` and `while`; `iteration` is the register of the iteration of a `for`.
        case loop(breakLabel: CodeBuilder.Label, continueLabel: CodeBuilder.Label, iteration: Int?)
        /// A `try` body with except clauses: nothing is to be done when control leaves it otherwise.
        case guarded
        /// All of a `try` statement in front of its finally block.
        case finally(FinallyRegisters, finally: CodeBuilder.Label)
        /// The body of a `with` statement, with the register of its manager.
        case with(manager: Int, place: SyntaxRange)
        /// The body of an except clause or of what handles an exception otherwise, with the exception's register.
        case handling(Int)
        /// The body of an except clause that binds a name.
        case exceptionName(NodeID)
    }

    /// How control can leave.
    enum Exit: Equatable {
        /// With the value in a register, or with null.
        case `return`(hasValue: Bool)
        /// To a label within the surrounding of this depth and not further out.
        case jump(CodeBuilder.Label, depth: Int)
    }

    /// What a finally block must know when it is over.
    struct FinallyRegisters {
        /// The exception that led to the block; undefined for none.
        let exception: Int
        /// The number of the exit that led to the block; 0 for its regular end.
        let action: Int
        /// The value of a `return` that led to the block.
        let value: Int
    }

    let kind: Kind
    /// Where the present stretch of code begins whose exceptions come here; nil while they do not.
    var start: Int?
    /// The stretches before.
    var stretches: [Range<Int>] = []
    /// The exits that go through a finally block.
    var exits: [Exit] = []
    /// Ends the present stretch.
    mutating func suspend(at position: Int) {
        if let start, start < position { stretches.append(start..<position) }
        start = nil
    }
}
