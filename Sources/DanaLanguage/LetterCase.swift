/// Asks whether the letters of a text are of one case, in one go or part by part.
struct LetterCase {
    enum Wanted {
        /// At least one capital, and no letter of another case.
        case upper
        /// At least one small letter, and no letter of another case.
        case lower
        /// Every word begins with a capital and goes on with small letters.
        case title
    }

    private let wanted: Wanted
    /// Whether there was a letter of the case at all.
    private(set) var isFound = false
    private var previousIsCased = false

    init(_ wanted: Wanted) { self.wanted = wanted }

    /// Whether the next part has nothing that is wrong.
    mutating func accepts(_ part: ByteView) -> Bool {
        for scalar in part.scalars {
            let isCapital = scalar.isUpper
            let isSmall = !isCapital && scalar.isLower
            let isTitle = !isCapital && !isSmall && scalar.isTitle
            switch wanted {
            case .upper:
                if isSmall || isTitle { return false }
                isFound = isFound || isCapital
            case .lower:
                if isCapital || isTitle { return false }
                isFound = isFound || isSmall
            case .title:
                let startsWord = isCapital || isTitle
                let isCased = startsWord || isSmall
                if isCased, startsWord == previousIsCased { return false }
                isFound = isFound || isCased
                previousIsCased = isCased
            }
        }
        return true
    }
}
