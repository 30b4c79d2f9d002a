/// The virtual machine of one interpreter.
final class Machine {
    let heap: Heap

    init(catalogue: NativeCatalogue, limits: Limits, clock: Clock?, cancellation: Cancellation, seed: UInt64)
        throws(ProgramError)
    {
        heap = Heap(limits: limits, clock: clock, cancellation: cancellation, seed: seed)
        do {
            heap.state.pointee.common = try CommonObjects(heap: heap) { _ in nil }
        } catch {
            throw ProgramError(cause: .limit(.memory), message: LimitKind.memory.message, stack: [])
        }
    }

    deinit {
        heap.state.pointee.common?.end(heap: heap)
        heap.end()
    }

    func start(_ code: Code, module name: String) throws(ProgramError) {}

    func run(slice: Int) -> Outcome { .finished }

    func resume(_ call: HostCall.Identifier, with answer: HostAnswer) {}
}
