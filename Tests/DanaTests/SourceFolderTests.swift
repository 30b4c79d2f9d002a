import Foundation
import Glibc
import Testing

@testable import Dana

/// Files beneath a folder, and the ways out of it that are closed.
@Suite struct SourceFolderTests {
    /// A folder `inside` with files, beside a file that must not be reached.
    private struct Fixture: ~Copyable {
        let root = FileManager.default.temporaryDirectory.appending(path: "dana-\(UUID().uuidString)")

        init() throws {
            let inside = root.appending(path: "inside/deep")
            try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: root.appending(path: "outside.na"))
            try Data("a = 1".utf8).write(to: root.appending(path: "inside/a.na"))
            try Data("b = 2".utf8).write(to: inside.appending(path: "b.na"))
            func link(_ name: String, to target: String) throws {
                try FileManager.default.createSymbolicLink(
                    atPath: root.appending(path: "inside/\(name)").path, withDestinationPath: target)
            }
            try link("within.na", to: "deep/b.na")
            try link("up.na", to: "../outside.na")
            try link("absolute.na", to: root.appending(path: "outside.na").path)
            try link("folder", to: "..")
            try link("circle.na", to: "circle.na")
        }

        deinit { try? FileManager.default.removeItem(at: root) }
    }

    @Test func filesBeneathAreRead() throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        #expect(try folder.read("a.na", limit: 100) == Array("a = 1".utf8))
        #expect(try folder.read("deep/b.na", limit: 100) == Array("b = 2".utf8))
        #expect(try folder.read("within.na", limit: 100) == Array("b = 2".utf8))
        #expect(try folder.read("deep/../a.na", limit: 100) == Array("a = 1".utf8))
    }

    @Test(arguments: ["../outside.na", "up.na", "absolute.na", "folder/outside.na", "deep/../../outside.na"])
    func nothingLeadsOut(name: String) throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        #expect(throws: FileFailure.self) { try folder.read(name, limit: 100) }
    }

    /// A slash with an accent behind it is one character of Swift's.
    @Test(arguments: ["../\u{301}new", "folder/\u{301}new", "..", "deep/../../new", "folder/new", "/\u{301}new"])
    func nothingIsWrittenOutside(name: String) throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        #expect(throws: FileFailure.self) { try folder.write([1], to: name) }
        let outside = try FileManager.default.contentsOfDirectory(atPath: fixture.root.path)
        #expect(outside.sorted() == ["inside", "outside.na"])
    }

    @Test func whatIsWrittenInAFolderHasNoFolderInItsName() throws {
        let fixture = try Fixture()
        let opened = open(fixture.root.path, O_RDONLY | O_DIRECTORY)
        defer { close(opened) }
        #expect(throws: FileFailure.self) { try FileReplacement.write([1], to: "inside/\u{301}x", in: opened) }
        try FileReplacement.write([1], to: "x", in: opened)
    }

    @Test(arguments: [
        ("/a/b", "/a", "b"), ("/a//b", "/a", "b"), ("/a", "/a", "."), ("/a/", "/a", "."), ("/a/b", "/a/", "b"),
        ("/ab", "/a", nil), ("b", "/a", nil), ("/a/\u{301}b", "/a", "\u{301}b"), ("/a", "/", "a"), ("/", "/", "."),
        ("/e\u{301}/b", "/\u{e9}", nil), ("//a/./b/./c", "/./a/", "b/./c"), ("/a/b/", "/a", "b/"), ("/a/.", "/a", "."),
        ("/.a/b", "/a", nil), ("/a/.b", "/a", ".b"), ("/a/../b", "/a", "../b"), ("../b", "..", "b"), ("b", ".", "b"),
        ("./a/b", "a", "b"), ("a/b", "/a", nil), ("/a", "/a/b", nil),
    ])
    func pathsAreComparedByBytes(path: String, folder: String, rest: String?) {
        #expect(PathText.rest(of: path, beneath: folder).map { Array($0.utf8) } == rest.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("/a/../b", true, "/b"), ("/a/./..", true, "/"), ("..", false, ".."), ("../../a/b", false, "../../a/b"),
        ("a/..", true, "."), ("./a//b/", false, "a/b"), ("/../a", false, "/a"), (".../a", false, ".../a"),
    ])
    func pathsThatClimbBackAreToldApart(path: String, climbs: Bool, tidied: String) {
        #expect(PathText.climbsBack(path) == climbs)
        #expect(PathText.tidied(path) == tidied)
    }

    @Test(arguments: [
        ("missing.na", ENOENT), ("a.na/b.na", ENOTDIR), ("deep", EISDIR), ("circle.na", ELOOP), ("up.na", EXDEV),
    ])
    func whyThereAreNoBytesIsTold(name: String, code: Int32) throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        let failure = #expect(throws: FileFailure.self) { try folder.bytes(of: name, limit: 100) }
        #expect(failure?.code == code)
    }

    @Test(arguments: ["missing.na", "a.na/b.na", "deep", "circle.na"])
    func whatIsNoFileIsNotThere(name: String) throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        #expect(try folder.read(name, limit: 100) == nil)
    }

    @Test func anAbsolutePathLeadsOut() throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        let absolute = fixture.root.appending(path: "inside/a.na").path
        #expect(throws: FileFailure.self) { try folder.read(absolute, limit: 100) }
    }

    @Test func aFileLargerThanTheLimitIsRefused() throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        #expect(try folder.read("a.na", limit: 5)?.count == 5)
        #expect(throws: FileFailure.self) { try folder.read("a.na", limit: 4) }
    }

    @Test(
        arguments: [
            ("a.na/x", "a.na: Not a directory"), ("missing/x", "missing: No such file or directory"),
            ("deep/..", "deep/..: Is a directory"), ("a.na/b/x", "a.na/b: Not a directory"),
        ])
    func whereNothingCanBeWrittenTheReasonIsTold(name: String, reason: String) throws {
        let fixture = try Fixture()
        let folder = try #require(SourceFolder(fixture.root.appending(path: "inside").path))
        let failure = #expect(throws: FileFailure.self) { try folder.write([1], to: name) }
        #expect(failure?.message.hasSuffix(reason) == true, "\(failure?.message ?? "")")
    }

    @Test func aFolderThatIsNotThereIsNothing() {
        #expect(SourceFolder("/no/such/folder") == nil)
    }
}
