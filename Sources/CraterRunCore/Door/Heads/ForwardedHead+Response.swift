extension ForwardedHead {
    /// Appends the head for the client.
    ///
    /// - Parameters:
    ///   - request: the request that the app answers.
    ///   - keepsAlive: whether the client's connection goes on after this response.
    ///   - output: a caller that empties the array with its capacity kept, and uses it again, saves the allocation.
    package static func write(
        _ head: ResponseHead, to request: RequestHead, keepsAlive: Bool, edits: ResponseEdits,
        to output: inout [UInt8]
    ) {
        var copier = LineCopier(
            head.bytes, from: head.statusAndReason.lowerBound, appendingTo: take(&output))
        copier.reserve(head.bytes.count + usualGrowth)
        copier.append("HTTP/1.1 ")
        if head.hasBareStatus {
            copier.copy(upTo: head.statusAndReason.upperBound)
            copier.append(" ")
        }
        let codings = TransferCodings(head.headers)
        let hasNoBody = head.status < 200 || head.status == 204
        var hasLength = false
        for field in head.headers.fields {
            if head.connection.contains(.others), isNamed(field, in: head.headers) {
                copier.drop(field.line)
                continue
            }
            switch field.known {
            case nil: break
            case .keepAlive, .te, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .http2Settings:
                copier.drop(field.line)
            case .connection: if head.status != 101 { copier.drop(field.line) }
            case .upgrade: if head.status != 101, head.status != 426 { copier.drop(field.line) }
            case .transferEncoding: if hasNoBody || codings.isNone { copier.drop(field.line) }
            case .contentLength:
                if hasLength || !codings.isNone {
                    copier.drop(field.line)
                } else {
                    writeLength(field, in: head.headers, to: &copier)
                    hasLength = true
                }
            case .location:
                if let addresses = edits.stripping {
                    LocationRule(prefix: edits.prefix, addresses: addresses, request: request)
                        .write(field, to: &copier)
                }
            case .setCookie:
                if edits.stripping != nil {
                    CookiePath.write(
                        field, below: edits.prefix, keepsHostCookies: !edits.clampsCookies, to: &copier)
                } else if edits.clampsCookies {
                    CookiePath.clamp(field, to: edits.prefix, in: &copier)
                }
            case .serviceWorkerAllowed:
                ServiceWorkerScope.write(field, within: edits.prefix, strips: edits.stripping != nil, to: &copier)
            default: break
            }
        }
        copier.copy(upTo: head.fieldsEnd)
        appendConnection(head, to: request, keepsAlive: keepsAlive, to: &copier)
        copier.append("\r\n")
        output = copier.finish()
    }

    /// Writes `5, 5` as `5`: the parser accepts equal lengths only.
    private static func writeLength(_ field: HeaderField, in headers: HeaderFields, to copier: inout LineCopier) {
        let value = headers.slice(field.value)
        guard value.contains(Byte.comma) else { return }
        var length: ArraySlice<UInt8> = []
        HeaderSyntax.forEachMember(of: value) { length = $0 }
        copier.drop(field.value)
        copier.append(length)
    }

    private static func appendConnection(
        _ head: ResponseHead, to request: RequestHead, keepsAlive: Bool, to copier: inout LineCopier
    ) {
        guard head.status >= 200 else { return }
        if head.status == 426, head.headers.contains(.upgrade) { copier.append("Connection: upgrade\r\n") }
        if !keepsAlive {
            copier.append("Connection: close\r\n")
        } else if request.version == .v10 {
            copier.append("Connection: keep-alive\r\n")
        }
    }
}
