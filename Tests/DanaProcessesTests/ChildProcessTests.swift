import DanaSystem
import Foundation
import Synchronization
import Testing

@testable import DanaProcesses

/// Real children: what they say, how they end, and that nothing is left of them.
@Suite struct ChildProcessTests {
    /// What became of a child, in the order of its telling.
    private enum News: Sendable {
        case line(String)
        case ended(ProcessEnding, at: ContinuousClock.Instant)
    }

    private func follow(_ child: ChildProcess, firstWait: Int32 = -1) -> AsyncStream<News>.AsyncIterator {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self)
        let isStarted = SystemThread.start {
            let ending = child.follow(firstWait: firstWait) { line in
                continuation.yield(.line(String(decoding: line, as: UTF8.self)))
                return -1
            }
            continuation.yield(.ended(ending, at: .now))
            continuation.finish()
        }
        #expect(isStarted)
        return stream.makeAsyncIterator()
    }

    private func line(_ news: inout AsyncStream<News>.AsyncIterator) async -> String? {
        if case .line(let text)? = await news.next() { text } else { nil }
    }

    private func ending(_ news: inout AsyncStream<News>.AsyncIterator) async -> ProcessEnding? {
        await end(&news)?.ending
    }

    private func end(
        _ news: inout AsyncStream<News>.AsyncIterator
    ) async -> (ending: ProcessEnding, time: ContinuousClock.Instant)? {
        while let next = await news.next() {
            if case .ended(let ending, let time) = next { return (ending, time) }
        }
        return nil
    }

    /// A file whose reader sees its end when every process that wrote to it is gone.
    private struct Pipe: ~Copyable {
        let path: String
        private let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            path = folder.appending(path: "fifo").path
            #expect(mkfifo(path, 0o600) == 0)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }
    }

    /// Starts a process of its own in the background that holds a pipe, and then does nothing either.
    private static func family(_ pipe: String) -> [String] {
        ["/bin/sh", "-c", "exec 3>\(pipe); echo held >&3; sleep 3600 & echo started; sleep 3600"]
    }

    @Test func linesGoBothWays() async throws {
        let child = try ChildProcess(["/bin/sh", "-c", "read -r word; echo \"heard $word\"; exit 3"])
        var news = follow(child)
        #expect(child.write("this\n"))
        #expect(await line(&news) == "heard this")
        #expect(await ending(&news) == .status(3))
        #expect(!child.write("more\n"))
        child.stop()
    }

    @Test func theEnvironmentAndTheErrorsAreItsOwn() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "errors-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let child = try ChildProcess(
            ["/bin/sh", "-c", "echo \"$WORD\"; echo wrong >&2"], environment: ["WORD": "given"], errors: file.path)
        var news = follow(child)
        #expect(await line(&news) == "given")
        #expect(await ending(&news) == .status(0))
        #expect(try String(contentsOf: file, encoding: .utf8) == "wrong\n")
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        let failure = #expect(throws: ChildProcess.Failure.self) { try ChildProcess(["/nowhere/program"]) }
        #expect(failure?.description.contains("/nowhere/program") == true)
    }

    @Test func whatIsLateIsEnded() async throws {
        var news = follow(try ChildProcess(["/bin/sh", "-c", "sleep 3600"]), firstWait: 10)
        #expect(await ending(&news) == .late)
    }

    @Test func aKilledChildIsNoticedThoughItsOwnChildHoldsTheLine() async throws {
        let pipe = try Pipe()
        let child = try ChildProcess(Self.family(pipe.path))
        var news = follow(child)
        // The family blocks until the pipe is read.
        let file = open(pipe.path, O_RDONLY | O_CLOEXEC)
        #expect(await line(&news) == "started")
        let start = ContinuousClock.now
        kill(child.processID, SIGKILL)
        let end = try #require(await end(&news))
        #expect(end.ending == .signal(SIGKILL))
        print("processes: a killed child is noticed after \(end.time - start)")
        let rest = FileHandle(fileDescriptor: file, closeOnDealloc: true).readDataToEndOfFile()
        #expect(String(decoding: rest, as: UTF8.self) == "held\n", "its own child is gone, too")
    }

    @Test func stoppingEndsTheWholeFamily() async throws {
        let pipe = try Pipe()
        let child = try ChildProcess(Self.family(pipe.path))
        var news = follow(child)
        let file = open(pipe.path, O_RDONLY | O_CLOEXEC)
        #expect(await line(&news) == "started")
        child.stop()
        #expect(await ending(&news) == .signal(SIGKILL))
        let rest = FileHandle(fileDescriptor: file, closeOnDealloc: true).readDataToEndOfFile()
        #expect(String(decoding: rest, as: UTF8.self) == "held\n")
    }

    @Test func aChildMayEndByItself() async throws {
        let polite = try ChildProcess(["/bin/sh", "-c", "trap '' TERM; echo ready; read -r _; exit 5"])
        var news = follow(polite)
        #expect(await line(&news) == "ready")
        polite.stop(after: .seconds(3_600))
        #expect(await ending(&news) == .status(5), "the end of its input is enough")
        let listening = try ChildProcess([
            "/bin/sh", "-c", "trap 'exit 6' TERM; echo ready; while :; do sleep 0.01; done",
        ])
        news = follow(listening)
        #expect(await line(&news) == "ready")
        listening.stop(after: .seconds(3_600))
        #expect(await ending(&news) == .status(6))
    }

    @Test func aDeafChildIsEndedAfterItsTime() async throws {
        let child = try ChildProcess(["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"])
        var news = follow(child)
        #expect(await line(&news) == "ready")
        child.stop(after: .milliseconds(20))
        #expect(await ending(&news) == .signal(SIGKILL))
    }

    @Test func aChildThatClosesItsLineIsEnded() async throws {
        var news = follow(try ChildProcess(["/bin/sh", "-c", "exec <&- >&-; exec sleep 3600"]))
        #expect(await ending(&news) == .signal(SIGKILL))
    }

    @Test func whatNobodyFollowsLeavesNothing() throws {
        var child: ChildProcess? = try ChildProcess(["/bin/sh", "-c", "exec sleep 3600"])
        let process = try #require(child?.processID)
        let group = getpgid(process)
        #expect(group > 0 && group != process && kill(-group, 0) == 0)
        child = nil
        #expect(kill(process, 0) == -1 && kill(-group, 0) == -1)
    }

    @Test func aChildOutlivesTheThreadThatStartedIt() async throws {
        let started = Mutex<ChildProcess?>(nil)
        let (over, ending) = AsyncStream.makeStream(of: Void.self)
        #expect(
            SystemThread.start {
                let child = try? ChildProcess(["/bin/sh", "-c", "read -r word; echo \"$word\""])
                started.withLock { $0 = child }
                ending.finish()
            })
        for await _ in over {}
        let child = try #require(started.withLock { $0 })
        // The thread's own end is not told; a second one that has come and gone shows that threads end here.
        await withCheckedContinuation { continuation in _ = SystemThread.start { continuation.resume() } }
        var news = follow(child)
        child.write("alive\n")
        #expect(await line(&news) == "alive")
        #expect(await self.ending(&news) == .status(0))
    }

    @Test func nothingOutlivesAKilledOwner() async throws {
        let pipe = try Pipe()
        let owner = try ChildProcess([Self.owner] + Self.family(pipe.path))
        var news = follow(owner)
        let file = open(pipe.path, O_RDONLY | O_CLOEXEC)
        #expect(await line(&news) == "started")
        kill(owner.processID, SIGKILL)
        let start = ContinuousClock.now
        let rest = FileHandle(fileDescriptor: file, closeOnDealloc: true).readDataToEndOfFile()
        print("processes: the family of a killed owner is gone after \(ContinuousClock.now - start)")
        #expect(String(decoding: rest, as: UTF8.self) == "held\n")
        #expect(await ending(&news) == .signal(SIGKILL))
    }

    /// The owner's program lies beside the tests' own.
    private static let owner: String = {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return tests.appending(path: "ProcessOwner").path
    }()
}
