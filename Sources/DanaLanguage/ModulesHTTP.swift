/// The module `http`: requests over the network, which the host makes where the context was granted it.
enum ModulesHTTP {
    static let module = NativeCatalogue.Module(
        name: "http",
        functions: [
            NativeFunction("http._dumps", [NativeParameter("value")], "A value as JSON.") { call throws(DanaError) in
                var writer = ValueJSONWriter(heap: call.heap, style: ValueJSONWriter.Style())
                try writer.write(call[0])
                return try writer.output.string()
            },
            NativeFunction("http._loads", [NativeParameter("body")], "The value that a JSON text holds.") {
                call throws(DanaError) in try ModulesJSON.value(of: call[0], call.heap)
            },
        ],
        hostFunctions: ["_request"], prelude: SourceText(prelude, name: SourceText.preludePrefix + " http>"))

    private static let prelude = #"""
        struct Response:
            status: int
            url: str
            headers: dict
            body: bytes
            text: str

        func (r: Response) json():
            """The value that the answer holds as JSON."""
            return _loads(r.body)

        def _fields(headers, function):
            if headers is null:
                return []
            expected = f"{function}() expects a dict of texts at argument 'headers'"
            if not isinstance(headers, dict):
                raise TypeError(f"{expected}, got {_type_name(headers)}")
            fields = [(name, value) for name, value in headers.items()]
            for field in fields:
                for part in field:
                    if not isinstance(part, str):
                        raise TypeError(f"{expected}, got one that holds {_type_name(part)}")
            return fields

        def _answer(function, method, url, body, headers, timeout, max_size):
            fields = _fields(headers, function)
            kind = null
            if isinstance(body, str):
                body = body.encode()
                kind = "text/plain; charset=utf-8"
            elif body is not null and not isinstance(body, bytes):
                body = _dumps(body).encode()
                kind = "application/json"
            if kind is not null and "content-type" not in [name.lower() for name, value in fields]:
                fields.append(("Content-Type", kind))
            status, address, answered, content = _request(method, url, body, fields, timeout, max_size)
            return Response(status, address, answered, content, content.decode("utf-8", "replace"))

        def request(method, url, body=null, headers={}, timeout=30, max_size=10485760):
            """Asks a server and gives its answer, whatever its status. A body that is neither text nor bytes goes as JSON."""
            return _answer("http.request", method, url, body, headers, timeout, max_size)

        def get(url, headers={}, timeout=30, max_size=10485760):
            """Asks for what is at an address."""
            return _answer("http.get", "GET", url, null, headers, timeout, max_size)

        def post(url, body=null, headers={}, timeout=30, max_size=10485760):
            """Sends something to an address."""
            return _answer("http.post", "POST", url, body, headers, timeout, max_size)

        """#
}
