extension ForwardedHead {
    /// Appends the head for the app.
    ///
    /// - Parameter output: a caller that empties the array with its capacity kept, and uses it again, saves the allocation.
    package static func write(_ head: RequestHead, edits: RequestEdits, to output: inout [UInt8]) {
        var copier = LineCopier(head.bytes, from: head.methodName.lowerBound, appendingTo: take(&output))
        copier.reserve(head.bytes.count + usualGrowth)
        if let prefix = edits.route.stripping { StrippedTarget.write(head, without: prefix, to: &copier) }
        drop(edits.withheldPlaces, within: head.target, from: &copier)
        let options = head.connection
        // The client's own lines can stay where they say to the app what the door would say.
        let keepsConnection =
            options.isDisjoint(with: [.others, .close]) && (head.isUpgrade || !options.contains(.upgrade))
        let lastForwardedFor = lastIndex(of: .xForwardedFor, in: head.headers)
        for (index, field) in head.headers.fields.enumerated() {
            if options.contains(.others), isNamed(field, in: head.headers) {
                copier.drop(field.line)
                continue
            }
            switch field.known {
            case nil, .referer: drop(edits.withheldPlaces, within: field.value, from: &copier)
            case .keepAlive, .te, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .http2Settings,
                .xForwardedPrefix, .underscoredForwarded:
                copier.drop(field.line)
            case .connection: if !keepsConnection { copier.drop(field.line) }
            case .upgrade: if !head.isUpgrade { copier.drop(field.line) }
            case .cookie:
                if !edits.route.withheldCookies.isEmpty {
                    CookieCut.write(field, without: edits.route.withheldCookies, to: &copier)
                }
            case .authorization:
                if edits.withholdsBearer, isBearer(head.headers.slice(field.value)) { copier.drop(field.line) }
            case .xForwardedFor:
                guard index == lastForwardedFor else { break }
                copier.copy(upTo: field.value.upperBound)
                copier.append(field.value.isEmpty ? "" : ", ")
                copier.append(edits.peer)
            default: break
            }
        }
        copier.copy(upTo: head.fieldsEnd)
        if head.isUpgrade, !keepsConnection { copier.append("Connection: upgrade\r\n") }
        appendForwarded(head, edits: edits, to: &copier)
        copier.append("\r\n")
        output = copier.finish()
    }

    private static func drop(_ places: [Range<Int>], within range: Range<Int>, from copier: inout LineCopier) {
        for place in places where range.contains(place.lowerBound) { copier.drop(place) }
    }

    /// The lines that tell the app of its client, as far as no proxy before the door has written them.
    private static func appendForwarded(_ head: RequestHead, edits: RequestEdits, to copier: inout LineCopier) {
        if !head.headers.contains(.xForwardedFor) {
            copier.append("X-Forwarded-For: ")
            copier.append(edits.peer)
            copier.append("\r\n")
        }
        if !head.headers.contains(.xForwardedProto) { copier.append("X-Forwarded-Proto: http\r\n") }
        if !head.headers.contains(.xForwardedHost), let host = head[.host], !host.isEmpty {
            copier.append("X-Forwarded-Host: ")
            copier.append(head.headers.slice(host))
            copier.append("\r\n")
        }
        if let prefix = edits.route.stripping, !prefix.isRoot {
            copier.append("X-Forwarded-Prefix: ")
            copier.append(prefix.withoutSlash)
            copier.append("\r\n")
        }
    }

    private static func lastIndex(of header: KnownHeader, in headers: HeaderFields) -> Int? {
        guard headers.contains(header) else { return nil }
        return headers.fields.lastIndex { $0.known == header }
    }

    /// Whether an Authorization header has the scheme Bearer (RFC 6750, 2.1).
    private static func isBearer(_ value: ArraySlice<UInt8>) -> Bool {
        let scheme = value.prefix { !HeaderSyntax.isSpace($0) }
        return HeaderSyntax.equals(scheme, ignoringCase: "bearer")
    }
}
