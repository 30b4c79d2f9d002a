import Foundation
import LanguageFuzzing
import TestPrograms
import Testing

/// A fixed number of the fuzzer's runs, the same every time; `make fuzz` runs without end.
@Suite struct FuzzTests {
    /// Numbers that look random and are the same for the same seed.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: LanguageFuzz.allCases)
    func whateverTheBytesTheLanguageAnswers(mode: LanguageFuzz) {
        for seed in 1...UInt64(400) {
            var numbers = Sequence(state: seed)
            let count = Int.random(in: 0...600, using: &numbers)
            mode.run((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) })
        }
    }

    @Test(arguments: TestProgram.files(in: "."))
    func programsWithAFewBytesChangedAreAnswered(file: URL) throws {
        let bytes = try [UInt8](Data(contentsOf: file))
        for seed in 1...UInt64(8) {
            var numbers = Sequence(state: seed)
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &numbers) where !changed.isEmpty {
                let place = changed.indices.randomElement(using: &numbers) ?? 0
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: changed[place] = UInt8.random(in: .min ... .max, using: &numbers)
                case 1: changed.remove(at: place)
                case 2:
                    changed.insert(
                        contentsOf: "()[]{}:\n \t\"'\\$,.é".utf8.shuffled(using: &numbers).prefix(2), at: place)
                default: changed.removeSubrange(place..<min(place + 40, changed.count))
                }
            }
            LanguageFuzz.bytes.run(changed)
        }
    }
}
