import DanaLanguage

/// A function written in Swift.
final class SwiftFunction: HostFunction {
    typealias Body = @Sendable ([DanaValue], [String: DanaValue]) async throws -> DanaValue

    private let name: String
    private let body: Body

    init(_ name: String, _ body: @escaping Body) {
        self.name = name
        self.body = body
    }

    func call(_ call: HostCall, in core: ContextCore) -> HostReply {
        let arguments: ([DanaValue], [String: DanaValue])
        do throws(DanaFailure) {
            arguments = try core.locked { interpreter in
                (
                    try call.arguments.map { try core.lookAt($0, interpreter) },
                    Dictionary(try call.keywords.map { ($0.name.text, try core.lookAt($0.value, interpreter)) }) {
                        first, _ in first
                    }
                )
            }
        } catch {
            return core.fail(call, error)
        }
        return .later { [body, name] in
            do {
                let result = try await body(arguments.0, arguments.1)
                return { call in core.answer(call) { try core.makeValue(result, $0) } }
            } catch  where Task.isCancelled {
                // A cancelled run unwinds by itself, from where it waits.
                return { _ in }
            } catch let failure as DanaFailure {
                // A limit here is that of another context, in which the function has worked.
                return { call in core.fail(call, failure.exceptionKind, failure.message, origin: failure.origin) }
            } catch is CancellationError {
                return { call in core.fail(call, .hostError, "\(name)() was cancelled") }
            } catch {
                return { call in core.fail(call, .hostError, "\(name)(): \(error)", origin: SwiftError(error)) }
            }
        }
    }
}
