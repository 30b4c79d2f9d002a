/// What the process ends with.
enum ExitStatus: Int32 {
    case success = 0
    /// The program failed, a check found errors, a test failed.
    case failure = 1
    /// The command line makes no sense.
    case usage = 2
    /// What is written can not be delivered, or a file can not be read.
    case broken = 3
}
