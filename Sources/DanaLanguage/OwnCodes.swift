/// Codes that the machine itself needs, written by hand.
struct OwnCodes {
    /// R[0] called with the tuple R[1] and the dict R[2]; its sites are `__enter__` and `__exit__`.
    let caller: UnsafeMutablePointer<LinkedCode>
    /// Calls the stages in its first argument one after the other; owned.
    let pipelineFunction: Value

    init(machine: Machine) throws(DanaError) {
        do {
            caller = try machine.link(try Code(OwnCodes.callerParts), module: machine.core)
            let fanOut = NativeFunction(
                "side by side",
                [
                    NativeParameter("functions"), NativeParameter("arguments"),
                    NativeParameter("keywords", default: .absent),
                ],
                "Calls every function of a list with the same arguments.", action: .fanOut)
            try machine.define(
                OwnCodes.fanOutName, as: try machine.nativeValue(machine.linkNative(fanOut)), in: machine.core)
            let code = try machine.link(try Code(OwnCodes.pipelineParts), module: machine.core)
            let function = try machine.heap.allocate(FunctionObject.self)
            function.at.pointee.code = code
            function.at.pointee.count = 0
            pipelineFunction = function.value
        } catch let error as DanaError {
            throw error
        } catch {
            throw machine.heap.error(.systemError, "the machine's own code is not well formed: \(error)")
        }
    }

    func end(heap: Heap) {
        heap.release(pipelineFunction)
    }

    /// A name that no program can write.
    private static let fanOutName = "side by side"

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
        parts.globals = [fanOutName]
        parts.parameters = Parameters(
            names: ["stages"], positionalCount: 1, positionalOnlyCount: 1, rest: "args", keywordRest: "kwargs")
        return parts
    }
}
