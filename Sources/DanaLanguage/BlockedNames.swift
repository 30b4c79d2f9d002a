/// The names of Python's built-ins that Dana does not have, each with the class of its reason, an explanation and what
/// to write instead. A program's own function of such a name is the program's.
enum BlockedNames {
    static let all: [NativeCatalogue.BlockedName] =
        code + files + introspection + memory + objects + iteration + session + numbers + exceptions

    private static func names(
        _ reasonClass: String, _ entries: [(name: String, explanation: String, alternative: String)]
    ) -> [NativeCatalogue.BlockedName] {
        entries.map {
            NativeCatalogue.BlockedName(
                name: $0.name, reasonClass: reasonClass, explanation: $0.explanation, alternative: $0.alternative)
        }
    }

    private static let code = names(
        "arbitrary code",
        [
            ("eval", "it runs text as code", "write the expression itself, or json.loads for data"),
            ("exec", "it runs text as code", "define a function and call it"),
            ("compile", "it makes code from text", "define a function and call it"),
            ("__import__", "it loads modules by computed names", "use the import statement"),
        ])

    private static let files = names(
        "access to the system",
        [
            ("open", "it reads and writes files of the host", "use a resource or a function that the host provides"),
            ("input", "it waits for the host's keyboard", "use a parameter, or a function that the host provides"),
        ])

    private static let introspection = names(
        "introspection",
        [
            (
                "globals", "it lays open all variables of a module",
                "use the variables by their names, or a dict of your own"
            ),
            (
                "locals", "it lays open all variables of a function",
                "use the variables by their names, or a dict of your own"
            ),
            ("vars", "it lays open the inside of a value", "use the fields by their names"),
            ("dir", "it lists the inside of a value", "use the documentation"),
            ("getattr", "it reads attributes by computed names", "write value.name, or use a dict"),
            ("setattr", "it writes attributes by computed names", "write value.name = ..., or use a dict"),
            ("delattr", "it removes attributes by computed names", "use a dict and del"),
            ("hasattr", "it asks for attributes by computed names", "use isinstance with an interface, or key in dict"),
            ("callable", "it asks what a value could do", "use isinstance(value, type(len)), or call it"),
            ("issubclass", "types have no classes above them", "use isinstance with an interface or an exception kind"),
        ])

    private static let memory = names(
        "memory",
        [
            ("id", "it tells where a value lies in memory", "use `is` to compare identities"),
            ("hash", "it tells hashes that differ from run to run", "use a dict or a set"),
            ("memoryview", "it looks at memory directly", "use slices of bytes"),
            ("bytearray", "it is memory that changes in place", "use bytes, or a list of integers with bytes(list)"),
        ])

    private static let objects = names(
        "classes",
        [
            ("object", "Dana has no classes", "use a struct"),
            ("super", "Dana has no classes", "use a function with a receiver: func (p: Point) name():"),
            ("property", "Dana has no classes", "use a function with a receiver"),
            ("classmethod", "Dana has no classes", "use a plain function"),
            ("staticmethod", "Dana has no classes", "use a plain function"),
        ])

    private static let iteration = names(
        "iteration by hand",
        [
            ("iter", "a loop makes its own iterators", "write for item in values, or a generator function"),
            (
                "next", "it steps an iterator that a loop may also step",
                "write for item in values: ...; break, or values[0]"
            ),
        ])

    private static let numbers = names(
        "numbers",
        [("complex", "there are no complex numbers", "keep the real and the imaginary part in a tuple or a struct")])

    private static let exceptions = names(
        "exceptions",
        [
            ("ExceptionGroup", "an exception is one", "raise one exception that holds a list of the others"),
            ("BaseExceptionGroup", "an exception is one", "raise one exception that holds a list of the others"),
            ("KeyboardInterrupt", "the host ends programs, and none catches that", "use finally to clean up"),
            ("SystemExit", "it ends the host's process", "use return, or raise an exception"),
        ])

    private static let session = names(
        "the session",
        [
            ("breakpoint", "it stops the host in a debugger", "use print or log"),
            ("exit", "it ends the host's process", "use return, or raise an exception"),
            ("quit", "it ends the host's process", "use return, or raise an exception"),
            ("help", "it waits for the host's keyboard", "read the documentation"),
            ("copyright", "it belongs to Python's prompt", "leave it out"),
            ("credits", "it belongs to Python's prompt", "leave it out"),
            ("license", "it belongs to Python's prompt", "leave it out"),
        ])
}
