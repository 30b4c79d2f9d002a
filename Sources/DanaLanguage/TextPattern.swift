/// A regular expression for whoever searches texts outside of programs: those of the module `text`, in time that is linear
/// in a text's size.
public struct TextPattern: Sendable {
    /// Why a text is no regular expression.
    public struct Fault: Error, Equatable, Sendable {
        public let message: String
    }

    private let program: RegexProgram

    public init(_ expression: String) throws(Fault) {
        let bytes = Array(expression.utf8)
        let compiled = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(RegexError) in try RegexCompiler.compile(ByteView(bytes)) }
        }
        switch compiled {
        case .success(let program): self.program = program
        case .failure(let error): throw Fault(message: error.message)
        }
    }

    /// The bytes of each match in a text of UTF-8, in order; matches of nothing are left out.
    public func matches(in text: [UInt8]) -> [Range<Int>] {
        text.withUnsafeBufferPointer { bytes in
            let text = ByteView(bytes)
            var matches = RegexMatches(RegexSearcher(program), 0..<text.count)
            var found: [Range<Int>] = []
            while let slots = matches.next(in: text, charge: { (_: Int) throws(Never) in }) {
                if slots[0] < slots[1] { found.append(slots[0]..<slots[1]) }
            }
            return found
        }
    }
}
