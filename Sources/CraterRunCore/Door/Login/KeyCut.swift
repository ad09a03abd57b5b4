/// Finds the login's key in what a request says to the app: the app and its log must not get the key.
enum KeyCut {
    /// The places to leave out of a head: each parameter `key=…` of a query that has the right key, with a separator.
    /// Another key may be a parameter of the app's own, and stays.
    ///
    /// The queries are the target's and the Referer's, and if the target has the key, those in headers that are not known,
    /// with which some proxies repeat the target (`X-Original-URI`).
    static func places(in head: RequestHead, of login: DoorLogin) -> [Range<Int>] {
        var places = head.query.map { parameters($0, in: head.bytes, of: login) } ?? []
        let isInTarget = !places.isEmpty
        for field in head.headers.fields where field.known == .referer || isInTarget && field.known == nil {
            let value = head.headers.slice(field.value)
            guard let mark = value.firstIndex(of: Byte.questionMark) else { continue }
            places += parameters(mark + 1..<value.endIndex, in: head.bytes, of: login)
        }
        return places
    }

    private static func parameters(_ query: Range<Int>, in bytes: [UInt8], of login: DoorLogin) -> [Range<Int>] {
        let ampersand = UInt8(ascii: "&")
        var places: [Range<Int>] = []
        var rest = bytes[query]
        while !rest.isEmpty {
            let parameter = rest.prefix { $0 != ampersand }
            if parameter.starts(with: QueryKey.name), KeyGuess(QueryKey.key(in: parameter), at: login).isRight {
                // The last parameter goes with the separator before it, which may be the question mark.
                let isLast = parameter.endIndex == rest.endIndex
                places.append(
                    isLast
                        ? parameter.startIndex - 1..<parameter.endIndex : parameter.startIndex..<parameter.endIndex + 1)
            }
            rest = rest[parameter.endIndex...].dropFirst()
        }
        return places
    }
}
