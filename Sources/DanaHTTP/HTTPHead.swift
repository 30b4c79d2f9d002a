/// Status and header fields of an answer.
struct HTTPHead: Sendable {
    var status: Int
    var headers = HTTPHeaders()
}
