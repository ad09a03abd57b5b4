/// Reads the request line (RFC 9112, 3) and what follows from the headers.
extension RequestHead {
    /// - Parameter bytes: a whole head, as ``HeadScanner`` finds it.
    package static func parse(_ bytes: [UInt8]) throws(HeadRefusal) -> RequestHead {
        guard bytes.count <= HeadLimits.requestBytes else { throw .tooLong }
        let line = try RequestLine(bytes.span)
        let parser = try HeaderFieldParser(bytes.span, from: line.end)
        let headers = HeaderFields(bytes: bytes, fields: parser.fields, present: parser.present)
        try checkHost(headers, version: line.version)
        let method = RequestMethod(headers.slice(line.method))
        let (path, query) = try parts(of: line.target, in: bytes, method: method)
        let connection = ConnectionOptions(headers)
        return RequestHead(
            headers: headers, method: method, line: line, path: path, query: query,
            framing: try BodyFraming(ofRequest: headers, version: line.version),
            isUpgrade: line.version == .v11 && connection.contains(.upgrade) && offersProtocol(headers),
            expectsContinue: line.version == .v11 && expectsContinue(headers), connection: connection,
            fieldsEnd: parser.end)
    }

    /// A request of HTTP/1.1 has exactly one Host header, and one of HTTP/1.0 at most one (RFC 9112, 3.2).
    private static func checkHost(_ headers: HeaderFields, version: HTTPVersion) throws(HeadRefusal) {
        guard let host = headers[.host] else {
            guard version == .v10 else { throw .malformed("the request has no Host header") }
            return
        }
        guard headers.fields.count(where: { $0.known == .host }) == 1 else {
            throw .malformed("the request has several Host headers")
        }
        guard headers.slice(host).allSatisfy(HeaderSyntax.isHostByte) else {
            throw .malformed("the Host header is not a host")
        }
    }

    /// The path and the query of a target in one of the forms that a server is asked with: `/a?b`, `http://host/a?b` and,
    /// for OPTIONS, `*`.
    private static func parts(
        of target: Range<Int>, in bytes: [UInt8], method: RequestMethod
    ) throws(HeadRefusal) -> (path: Range<Int>, query: Range<Int>?) {
        let text = bytes[target]
        var start = text.startIndex
        if text.first != Byte.slash {
            if method == .options, text.elementsEqual("*".utf8) { return (target.lowerBound..<target.lowerBound, nil) }
            guard
                let scheme = ["http://", "https://"].first(where: { HeaderSyntax.starts(text, withIgnoringCase: $0) })
            else { throw .malformed("the request's target is neither a path nor a URL") }
            let authority = text.dropFirst(scheme.utf8.count)
            start = authority.firstIndex { $0 == Byte.slash || $0 == Byte.questionMark } ?? authority.endIndex
            guard start > authority.startIndex else { throw .malformed("the request's target is a URL without a host") }
        }
        guard let mark = bytes[start..<target.upperBound].firstIndex(of: Byte.questionMark) else {
            return (start..<target.upperBound, nil)
        }
        return (start..<mark, mark + 1..<target.upperBound)
    }

    /// HTTP/2 is left out: behind its upgrade, requests would pass that no rule of the door has seen.
    private static func offersProtocol(_ headers: HeaderFields) -> Bool {
        var (offers, offersHTTP2) = (false, false)
        headers.forEachMember(of: .upgrade) { member in
            offers = true
            if HeaderSyntax.starts(member, withIgnoringCase: "h2") { offersHTTP2 = true }
        }
        return offers && !offersHTTP2
    }

    private static func expectsContinue(_ headers: HeaderFields) -> Bool {
        var expects = false
        headers.forEachMember(of: .expect) {
            if HeaderSyntax.equals($0, ignoringCase: "100-continue") { expects = true }
        }
        return expects
    }
}
