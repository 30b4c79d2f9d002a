import DanaLanguage
import Foundation
import Testing

@testable import Dana

/// Which programs of files are known.
@Suite struct ProgramCacheTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "dana-program-\(UUID().uuidString).na")

    private func written(_ text: String) throws -> FileMark {
        try Data(text.utf8).write(to: file)
        return try #require(FileMark(file.path))
    }

    private func cache(knowing text: String, settles: @escaping @Sendable (FileMark) -> Bool) throws -> ProgramCache {
        let cache = ProgramCache(settles: settles)
        let mark = try written(text)
        let source = SourceText(text, name: file.path)
        cache.note(try cache.program(source, limits: ParserLimits()), ofFile: file.path, mark)
        return cache
    }

    @Test func aFileThatIsTheSameIsKnown() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let cache = try cache(knowing: "x = 1") { _ in true }
        #expect(cache.program(ofFile: file.path).map { $0.source.bytes } == Array("x = 1".utf8))
        #expect(cache.program(ofFile: file.path + "x") == nil)
    }

    @Test func aFileThatWasWrittenInPlaceIsNotKnown() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let cache = try cache(knowing: "x = 1") { _ in true }
        let mark = try #require(FileMark(file.path))
        let before = try #require(FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate])
        let handle = try FileHandle(forWritingTo: file)
        // Until the clock of the file system has moved on: the same length, and the time of the change put back.
        repeat {
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data("x = 2".utf8))
            try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: file.path)
        } while FileMark(file.path) == mark
        #expect(cache.program(ofFile: file.path) == nil)
    }

    @Test func aFileThatIsAnotherOrGoneIsNotKnown() throws {
        let cache = try cache(knowing: "x = 1") { _ in true }
        let other = file.appendingPathExtension("other")
        try Data("x = 1".utf8).write(to: other)
        #expect(rename(other.path, file.path) == 0)
        #expect(cache.program(ofFile: file.path) == nil)
        try FileManager.default.removeItem(at: file)
        #expect(cache.program(ofFile: file.path) == nil)
    }

    @Test func aFileThatWasJustWrittenIsReadAgain() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try cache(knowing: "x = 1", settles: \.isSettled).program(ofFile: file.path) == nil)
        #expect(try #require(FileMark("/bin/sh")).isSettled)
    }

    @Test func shortProgramsWeighWhatTheyTake() throws {
        let cache = ProgramCache(byteLimit: 1 << 20)
        for number in 0..<2000 { _ = try cache.program(SourceText("\(number)", name: "n"), limits: ParserLimits()) }
        #expect((100...512).contains(cache.count), "\(cache.count)")
        for number in 0..<4 {
            let text = (0..<1000).map { "x\(number) = \($0)" }.joined(separator: "\n")
            _ = try cache.program(SourceText(text, name: "n"), limits: ParserLimits())
        }
        #expect(cache.count < 450, "\(cache.count)")
    }
}
