import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

struct ServerResponse: Sendable {
    let status: HTTPResponseStatus
    let type: String
    let body: String
    var headers: [(name: String, value: String)] = []

    static func text(_ status: HTTPResponseStatus, _ body: String) -> ServerResponse {
        ServerResponse(status: status, type: "text/plain; charset=utf-8", body: body)
    }

    static func json(_ status: HTTPResponseStatus, _ document: some Encodable) -> ServerResponse {
        ServerResponse(status: status, type: "application/json", body: JSONText.encode(document) + "\n")
    }

    /// The response to a request that is not served. `why`: the reason, in one line.
    static func refusal(_ status: HTTPResponseStatus, _ why: String) -> ServerResponse {
        .text(status, "\(status.code) \(status.reasonPhrase): \(why.printable)\n")
    }
}
