/// A resource as the inside of a pool knows it: of no type, so that the inside is compiled once and is no slower for
/// being general.
class HeldResource: @unchecked Sendable {
    // Safe because the one subclass holds a constant that is Sendable.

    /// The resource, which is of the pool's type.
    func value<Resource: Sendable>(as type: Resource.Type) -> Resource {
        // Safe because a pool's driver gets its resources from that pool's own make hook only, which wraps them so.
        unsafeDowncast(self, to: Held<Resource>.self).value
    }
}

/// A resource that a pool of its type put in.
final class Held<Resource: Sendable>: HeldResource, @unchecked Sendable {
    let value: Resource

    init(_ value: Resource) {
        self.value = value
    }
}
