/// One HTTP/1.1 request to a server of this machine (RFC 9112). The server is asked to close the connection after the response.
package struct HTTPRequest: Equatable, Sendable {
    private let method: String
    private let target: String
    private let host: String
    private let fields: [String]
    private let body: [UInt8]

    /// - Parameters:
    ///   - target: the path and the query, percent-encoded.
    ///   - port: the server's port, for the field Host; nil at a unix socket.
    ///   - fields: further header fields, each as `Name: value`.
    package init(get target: String, port: UInt16? = nil, fields: [String] = []) {
        method = "GET"
        self.target = target
        host = port.map { "localhost:\($0)" } ?? "localhost"
        self.fields = ["Accept: */*"] + fields
        body = []
    }

    /// - Parameter json: the body; empty if the target says everything.
    package init(post target: String, json: [UInt8] = []) {
        method = "POST"
        self.target = target
        host = "localhost"
        fields = ["Content-Type: application/json", "Content-Length: \(json.count)"]
        body = json
    }

    /// The request as it is sent.
    package var bytes: [UInt8] {
        let head = ["\(method) \(target) HTTP/1.1", "Host: \(host)", "User-Agent: crater-run", "Connection: close"]
        return Array(((head + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
