extension ResponseHead {
    /// - Parameter bytes: a whole head, as ``HeadScanner`` finds it. Lines that are not written as RFC 9112 says, and that
    ///   browsers read all the same, are put right first: the head's bytes are then other ones.
    package static func parse(_ bytes: [UInt8]) throws(HeadRefusal) -> ResponseHead {
        guard bytes.count <= HeadLimits.responseBytes else { throw .tooLong }
        do {
            return try parseRegular(bytes)
        } catch {
            guard case .malformed = error else { throw error }
            return try parseRegular(HeadRepair.regular(bytes))
        }
    }

    private static func parseRegular(_ bytes: [UInt8]) throws(HeadRefusal) -> ResponseHead {
        let line = try StatusLine(bytes.span)
        let parser = try HeaderFieldParser(bytes.span, from: line.end)
        let headers = HeaderFields(bytes: bytes, fields: parser.fields, present: parser.present)
        let connection = ConnectionOptions(headers)
        let framing: BodyFraming =
            if headers.contains(.contentLength) || headers.contains(.transferEncoding) {
                try BodyFraming(ofResponse: headers)
            } else {
                .untilClose
            }
        return ResponseHead(
            headers: headers, version: line.version, status: line.status, statusAndReason: line.statusAndReason,
            keepsAlive: connection.keepAlive(line.version), connection: connection, bodyFraming: framing,
            fieldsEnd: parser.end)
    }
}
