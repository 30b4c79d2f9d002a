/// Why a command can not be carried out: what is wrong, and what to do.
struct CommandError: Error, Equatable {
    let message: String
    var hint: String?
    var status = ExitStatus.usage
}
