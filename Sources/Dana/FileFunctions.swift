import DanaLanguage

/// What programs read and write of files, beneath the folders to which the context was granted.
enum FileFunctions {
    /// Bytes of a file that is read whole at most.
    private static let sizeLimit = 64 << 20

    static func readText(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "read_text") { bytes throws(DanaFailure) in
            let text = try text(bytes)
            return core.answer(call) { try $0.string(text) }
        }
    }

    static func readBytes(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "read_bytes") { bytes throws(DanaFailure) in
            core.answer(call) { interpreter in try bytes.withUnsafeBufferPointer { try interpreter.bytes($0) } }
        }
    }

    static func loadCSV(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "load_csv", ["path", "delimiter", "text"], required: 1).reply {
            arguments throws(DanaFailure) in
            let form = CSVTable.Form(
                delimiter: try delimiter(arguments), isText: try arguments.flag("text", default: false))
            let request = FileRequest(call, core, .fileRead, "load_csv", of: try arguments.text("path"))
            return try request.reply { bytes throws(DanaFailure) in
                try CSVTable.answer(call, with: bytes, form, named: request.what, in: core)
            } doing: { folder, name throws(FileFailure) in
                try folder.bytes(of: name, limit: sizeLimit)
            }
        }
    }

    static func loadJSON(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "load_json") { bytes throws(DanaFailure) in
            let text = try text(bytes)
            try core.locked { $0.answer(call.identifier, with: try $0.value(ofJSON: text)) }
            return .answered
        }
    }

    /// What stands between the cells of a table.
    private static func delimiter(_ arguments: StandardArguments) throws(DanaFailure) -> UInt8 {
        guard arguments["delimiter"] != nil else { return UInt8(ascii: ",") }
        let text = Array(try arguments.text("delimiter").utf8)
        guard let byte = text.first, text.count == 1, byte < 0x80, !"\"\r\n".utf8.contains(byte) else {
            throw StandardArguments.fault(
                .valueError, "load_csv() expects one ASCII character as its delimiter, and no quote or line's end")
        }
        return byte
    }

    private static func text(_ bytes: [UInt8]) throws(DanaFailure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StandardArguments.fault(.unicodeDecodeError, "the file is not UTF-8: use read_bytes()")
        }
        return text
    }

    private static func reading(
        _ call: HostCall, _ core: ContextCore, _ name: String,
        _ answer: @escaping @Sendable ([UInt8]) throws(DanaFailure) -> HostReply
    ) -> HostReply {
        StandardArguments(call, core, name, ["path"]).reply { arguments throws(DanaFailure) in
            let request = FileRequest(call, core, .fileRead, name, of: try arguments.text("path"))
            return try request.reply(answer) { folder, name throws(FileFailure) in
                try folder.bytes(of: name, limit: sizeLimit)
            }
        }
    }

    /// `list_dir(path)`: the names in a folder, in order.
    static func listFolder(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "list_dir", ["path"], required: 0).reply { arguments throws(DanaFailure) in
            let path = arguments["path"] == nil ? "." : try arguments.text("path")
            let request = FileRequest(call, core, .fileRead, "list_dir", of: path, isFolder: true)
            return try request.reply { names throws(DanaFailure) in
                core.answer(call) { try core.makeValue(.list(names.map { .string($0) }), $0) }
            } doing: { folder, name throws(FileFailure) in
                try folder.names(in: name)
            }
        }
    }

    /// `write_text(path, text)`: a file's text, put in its place in one step.
    static func writeText(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "write_text", ["path", "text"]).reply { arguments throws(DanaFailure) in
            let (path, text) = (try arguments.text("path"), try arguments.text("text"))
            return try FileRequest(call, core, .fileWrite, "write_text", of: path).reply { _ throws(DanaFailure) in
                core.answer(call) { try $0.integer(text.unicodeScalars.count) }
            } doing: { folder, name throws(FileFailure) in
                try folder.write(Array(text.utf8), to: name)
            }
        }
    }
}
