/// The headers that the door reads or changes. A head's parser recognises them once, so that nothing later compares
/// names.
package enum KnownHeader: UInt8, CaseIterable, Sendable {
    // What frames a message and describes its connection (RFC 9110, 7.6; RFC 9112, 6).
    case host, connection, contentLength, transferEncoding, upgrade, expect, keepAlive, te, proxyConnection
    case proxyAuthenticate, proxyAuthorization, http2Settings
    // What a decision is made by.
    case cookie, authorization, origin, accept, secFetchSite, secFetchMode, secFetchDest, contentType
    case acceptEncoding, userAgent, referer
    // What a proxy says of its client.
    case xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPrefix
    /// One of the four with an underscore in the place of a hyphen.
    case underscoredForwarded
    // What an app answers.
    case setCookie, location, serviceWorkerAllowed, cacheControl

    /// In lower case.
    package var name: String {
        switch self {
        case .host: "host"
        case .connection: "connection"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .upgrade: "upgrade"
        case .expect: "expect"
        case .keepAlive: "keep-alive"
        case .te: "te"
        case .proxyConnection: "proxy-connection"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyAuthorization: "proxy-authorization"
        case .http2Settings: "http2-settings"
        case .cookie: "cookie"
        case .authorization: "authorization"
        case .origin: "origin"
        case .accept: "accept"
        case .secFetchSite: "sec-fetch-site"
        case .secFetchMode: "sec-fetch-mode"
        case .secFetchDest: "sec-fetch-dest"
        case .contentType: "content-type"
        case .acceptEncoding: "accept-encoding"
        case .userAgent: "user-agent"
        case .referer: "referer"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedProto: "x-forwarded-proto"
        case .xForwardedHost: "x-forwarded-host"
        case .xForwardedPrefix: "x-forwarded-prefix"
        case .underscoredForwarded: "x_forwarded_…"
        case .setCookie: "set-cookie"
        case .location: "location"
        case .serviceWorkerAllowed: "service-worker-allowed"
        case .cacheControl: "cache-control"
        }
    }
}
