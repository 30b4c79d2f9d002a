/// What a built-in does, as an object: who knows that it lives calls it without counting references.
final class NativeBody: Sendable {
    let deed: @Sendable (NativeCall) throws(DanaError) -> Value

    init(_ deed: @escaping @Sendable (NativeCall) throws(DanaError) -> Value) { self.deed = deed }
}
