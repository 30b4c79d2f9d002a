import DanaProcesses
import Glibc

/// Owns a child process that listens to nothing, as the tests tell it: `ProcessOwner COMMAND...`. It prints what the
/// child prints, and does nothing until the child ends.
@main enum ProcessOwner {
    static func main() throws {
        let child = try ChildProcess(Array(CommandLine.arguments.dropFirst()))
        let ending = child.follow { line in
            print(String(decoding: line, as: UTF8.self))
            fflush(nil)
            return -1
        }
        print(ending)
    }
}
