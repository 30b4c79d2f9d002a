import Foundation
import Testing

/// The walls of the house: who may import whom, and that every file says what it is.
@Suite struct ArchitectureTests {
    @Test func everyImportFollowsAnArrow() throws {
        let house = try House.here()
        #expect(house.violations() == [])
        #expect(house.rooms.contains("DanaData"), "this test looks for the rooms in the wrong folder")
    }

    @Test func noArrowNamesARoomThatIsNotInTheTable() {
        for (room, targets) in House.arrows {
            #expect(targets.isSubset(of: House.arrows.keys), "\(room) points to a room without a line of its own")
        }
    }

    @Test func noArrowsMakeACircle() {
        var open = House.arrows
        while let free = open.first(where: { $0.value.isDisjoint(with: open.keys) }) {
            open[free.key] = nil
        }
        #expect(open.keys.sorted() == [])
    }

    @Test func everyFileSaysWhatItIs() throws {
        let silent = try House.here().files.filter { !$0.saysWhatItIs }.map(\.path)
        #expect(silent == [], "each opens with a sentence, in a comment, on what it holds")
    }

    @Test(arguments: [
        ("import Glibc\n\n/// A thing.\nstruct Thing {}", true),
        ("import Glibc\n\nstruct Thing {}\n/// Late.", false),
        ("// The thing.\nimport Glibc\n", true),
        ("import Glibc\n\nextension Thing {\n    /// Adds this.\n    func act() {}\n}", true),
        ("extension Thing {\n    func act() {}\n}", false),
        ("#if os(Linux)\n    import Glibc\n\n    struct Thing {}\n#endif", false),
    ])
    func silenceIsFound(text: String, expected: Bool) {
        #expect(SourceFile(room: "DanaData", path: "Thing.swift", text: text).saysWhatItIs == expected)
    }

    @Test(arguments: [
        ("import PythonEmbedding", "PythonBridge", 1),
        ("@testable import struct DanaPython.DanaVersion", "DanaData", 1),
        ("public import Foundation", "PythonBridge", 1),
        ("import FoundationEssentials", "DanaPython", 1),
        ("import Foundation", "PythonEmbedding", 0),
        ("import DanaData; import DanaPython", "PythonBridge", 1),
        ("// import DanaPython\nlet word = \"import DanaPython\"", "DanaData", 0),
        ("import DanaPython // and why", "DanaData", 1),
        ("import it to have it, says a text", "DanaData", 0),
        ("import Swift", "NoSuchRoom", 1),
    ])
    func violationsAreFound(text: String, room: String, count: Int) throws {
        let sources = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: sources) }
        let folder = sources.appending(path: room)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: folder.appending(path: "File.swift"), atomically: true, encoding: .utf8)
        #expect(try House(sources: sources).violations().count == count)
    }
}
