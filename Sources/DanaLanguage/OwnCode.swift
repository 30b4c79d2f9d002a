/// Codes that the machine itself needs, written by hand and linked at their first use.
enum OwnCode: UInt8 {
    /// R[0] called with the tuple R[1] and the dict R[2]; its sites are `__enter__` and `__exit__`.
    case caller
    /// Calls the stages in its first argument one after the other.
    case pipeline

    /// What the pipeline calls for a stage that is a list, under a name that no program can write.
    static let fanOut = NativeFunction(
        "side by side",
        [NativeParameter("functions"), NativeParameter("arguments"), NativeParameter("keywords", default: .absent)],
        "Calls every function of a list with the same arguments.", action: .fanOut)

    private static let callerCode = try? Code(callerParts)
    private static let pipelineCode = try? Code(pipelineParts)

    /// Nil when it is not well formed, which the tests rule out.
    private var code: Code? {
        switch self {
        case .caller: OwnCode.callerCode
        case .pipeline: OwnCode.pipelineCode
        }
    }

    /// Links the code, noting that it did.
    fileprivate func link(_ machine: Machine) throws(DanaError) -> UnsafeMutablePointer<LinkedCode> {
        guard let code else { throw machine.heap.error(.systemError, "the machine's own code is not well formed") }
        machine.linkLog.append(.own(self))
        return try machine.link(code, module: machine.core)
    }

    private static func parts(_ name: String, registers: Int, _ instructions: [Instruction]) -> Code.Parts {
        var parts = Code.Parts(source: SourceText("", name: SourceText.preludePrefix + " machine>"))
        parts.name = name
        parts.registerCount = registers
        parts.instructions = instructions
        parts.places = Array(repeating: Code.SourceSpan(start: 0, end: 0), count: instructions.count)
        return parts
    }

    private static var callerParts: Code.Parts {
        var parts = parts("<call>", registers: 3, [Instruction(.callSpread, a: 0), Instruction(.return, a: 0)])
        parts.sites = [Code.AttributeSite(name: "__enter__"), Code.AttributeSite(name: "__exit__")]
        return parts
    }

    /// R[0] the stages, R[1] the arguments and R[2] the keywords of the next one, R[3...5] the loop, R[6] the
    /// stage, R[7] the value so far, R[8...] calls.
    private static var pipelineParts: Code.Parts {
        var parts = parts(
            "<pipeline>", registers: 12,
            [
                Instruction(.getIterator, a: 3, b: 0),
                Instruction(.forNext, a: 3, b: 6, jump: 1),
                Instruction(.return, a: 7),
                Instruction(.matchSequence, a: 9, b: 6, c: 0, x: 1),
                Instruction(.jumpIfTrue, a: 9, wide: 5),
                Instruction(.take, a: 8, b: 6),
                Instruction(.take, a: 9, b: 1),
                Instruction(.take, a: 10, b: 2),
                Instruction(.callSpread, a: 8),
                Instruction(.jump, wide: 5),
                Instruction(.getGlobal, a: 8, wide: 0),
                Instruction(.take, a: 9, b: 6),
                Instruction(.take, a: 10, b: 1),
                Instruction(.take, a: 11, b: 2),
                Instruction(.call, a: 8, b: 3),
                Instruction(.take, a: 7, b: 8),
                Instruction(.move, a: 9, b: 7),
                Instruction(.makeTuple, a: 1, b: 9, c: 1),
                Instruction(.clear, a: 2),
                Instruction(.jump, wide: -19),
            ])
        parts.globals = [fanOut.name]
        parts.parameters = Parameters(
            names: ["stages"], positionalCount: 1, positionalOnlyCount: 1, rest: "args", keywordRest: "kwargs")
        return parts
    }
}

extension Machine {
    func callerCode() throws(DanaError) -> UnsafeMutablePointer<LinkedCode> {
        if let caller { return caller }
        let linked = try OwnCode.caller.link(self)
        caller = linked
        return linked
    }

    func enterSite() throws(DanaError) -> UnsafeMutablePointer<AttributeCache> { try callerCode().pointee.sites }
    func exitSite() throws(DanaError) -> UnsafeMutablePointer<AttributeCache> { try callerCode().pointee.sites + 1 }

    /// The function that calls a pipeline's stages, borrowed.
    func pipelineFunction() throws(DanaError) -> Value {
        if pipeline.isUndefined {
            let code = try OwnCode.pipeline.link(self)
            let function = try heap.allocate(FunctionObject.self)
            function.at.pointee.code = code
            function.at.pointee.count = 0
            pipeline = function.value
        }
        return pipeline
    }
}
