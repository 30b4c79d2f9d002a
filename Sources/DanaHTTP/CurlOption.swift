/// The options and pieces of information of libcurl that are used, by their numbers in its binary interface.
enum CurlOption {
    enum Number: Int32 {
        case noProgress = 43
        case httpVersion = 84
        case post = 47
        case noBody = 44
        case followLocation = 52
        case httpGet = 80
        case noSignal = 99
        case connectTimeoutMilliseconds = 156
        case protocols = 181
        case tcpKeepAlive = 213
        case suppressConnectHeaders = 265
    }

    enum Size: Int32 {
        case postFieldSize = 30120
    }

    enum Text: Int32 {
        case url = 10002
        case proxy = 10004
        case userAgent = 10018
        case customRequest = 10036
        case certificateFile = 10065
        case acceptedEncodings = 10102
        case unixSocketPath = 10231
    }

    enum Pointer: Int32 {
        case bodyContext = 10001
        case errorBuffer = 10010
        case headerList = 10023
        case headContext = 10029
        case copiedPostFields = 10165
    }

    enum Receiver: Int32 {
        case body = 20011
        case head = 20079
    }

    enum Multi: Int32 {
        case idleConnections = 6
        case connectionsPerHost = 7
        case connections = 13
    }

    /// `CURLPROTO_HTTP` and `CURLPROTO_HTTPS`.
    static let http = 3
    /// `CURL_HTTP_VERSION_2TLS`: HTTP/2 where TLS offers it, HTTP/1.1 elsewhere.
    static let http2OverTLS = 4
    /// `CURL_ERROR_SIZE`.
    static let errorSize = 256
}
