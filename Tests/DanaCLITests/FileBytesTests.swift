import Foundation
import Testing

@testable import DanaCLI

/// Files that commands read and replace.
@Suite struct FileBytesTests {
    @Test func filesAreReplacedInOneStep() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "dana-cli-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(
            at: root.appending(path: "deep"), withIntermediateDirectories: true)
        for name in ["a.na", "deep/b.na"] { try Data("x = 1".utf8).write(to: root.appending(path: name)) }
        let path = root.appending(path: "a.na").path
        try FileBytes.replace(path, with: "changed")
        #expect(try FileBytes.named(path, limit: 100) == Array("changed".utf8))
        let found = FilePath.files(beneath: root.path, ending: ".na").map(FilePath.name)
        #expect(found == ["a.na", "b.na"])
    }
}
