/// A response of the door's own.
package struct DoorAnswer: Equatable, Sendable {
    /// One field of the response's head.
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            // A line end would begin another field, whatever the value was made of.
            let isSafe = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            self.value =
                isSafe ? value : String(decoding: value.utf8.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
        }
    }

    /// 200…599.
    package let status: Int
    /// The fields without Content-Length and Connection, which ``bytes(isHead:keepsAlive:)`` adds.
    package let fields: [Field]
    package let body: [UInt8]
    /// Whether nothing more can be read from the connection, since it is not known where the request ends.
    package let closes: Bool

    package init(status: Int, fields: [Field], body: [UInt8], closes: Bool = false) {
        self.status = status
        self.fields = fields
        self.body = body
        self.closes = closes
    }

    /// The response as it is sent.
    ///
    /// - Parameters:
    ///   - isHead: whether the request was a HEAD, whose answer has no body.
    ///   - keepsAlive: whether the connection goes on afterwards.
    package func bytes(isHead: Bool, keepsAlive: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(DoorAnswer.reason(of: status))\r\n"
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        // An answer without content has no length (RFC 9110, section 8.6).
        if status != 204 { head += "Content-Length: \(body.count)\r\n" }
        head += "Connection: \(keepsAlive && !closes ? "keep-alive" : "close")\r\n\r\n"
        return Array(head.utf8) + (isHead ? [] : body)
    }

    /// The first value of a field, by its name as the door writes it.
    func value(of name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The same answer with further fields.
    func adding(_ more: [Field]) -> DoorAnswer {
        DoorAnswer(status: status, fields: fields + more, body: body, closes: closes)
    }

    private static func reason(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 303: "See Other"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Answer"
        }
    }
}
