/// Several types of which one is meant: a tuple of types, or what `int | str` makes.
extension Value {
    /// The types, borrowed; nil for a single one. What a pipe made of other functions has stages that are no types.
    var typeChoices: TupleObject? { TupleObject(self) ?? PipelineObject(self)?.stages }

    /// A type that calls make values of: built in, a struct, an enum, a kind of exception.
    var isConstructor: Bool {
        switch objectKind {
        case .type, .structType, .exceptionType, .enumType: true
        default: false
        }
    }

    /// A type among others in `A | B`: null there is the type of null.
    var isTypeChoice: Bool { isNull || isConstructor || isObject(.interface) }
}

extension PipelineObject {
    /// Whether it is only types, so that it says what a value may be.
    var isUnion: Bool { stages.items.allSatisfy(\.isTypeChoice) }
}
