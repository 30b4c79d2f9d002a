import DanaData

/// What is wrong with a request or an answer as the protocol sees it, before it is known whose it is.
struct WireFault: Error, Hashable {
    let code: ModelError.Code
    let message: String
    /// The answer, or the part of it that is wrong.
    var body: String?

    init(_ code: ModelError.Code, _ message: String, body: String? = nil) {
        self.code = code
        self.message = message
        self.body = body
    }
}

extension WireFault {
    /// Throws when a model says why it does not answer; saying nothing is no refusal.
    static func check(refusal: String?) throws(WireFault) {
        if let refusal, !refusal.isEmpty { throw WireFault(.contentFiltered, "the model refused: \(refusal)") }
    }

    /// The JSON that `write` makes of a request.
    static func writing(_ write: () throws(JSONWriteError) -> [UInt8]) throws(WireFault) -> [UInt8] {
        do {
            return try write()
        } catch {
            throw WireFault(.invalidRequest, "the request cannot be written as JSON \(error)")
        }
    }
}
