/// The body of an exchange; going away before the end cancels it.
final class TransferBody: HTTPBody.Source {
    private let transfer: Transfer

    init(_ transfer: Transfer) { self.transfer = transfer }

    deinit { transfer.cancel() }

    func finish() { transfer.drain() }

    var ending: @Sendable () -> Void { { [transfer] in transfer.cancel() } }

    nonisolated(nonsending) func next() async throws(HTTPError) -> [UInt8]? { try await transfer.piece() }
}
