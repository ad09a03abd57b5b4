/// How long heads may be. A request's limit is that of Tornado and of uvicorn, the most generous of the apps that have one
/// (Node.js: 16 KB; aiohttp and gunicorn: 8 KB a line).
package enum HeadLimits {
    /// The longest head of a request, from the first byte to the end of the empty line.
    package static let requestBytes = 65_536
    /// The longest head of a response. An app is trusted with more than a client.
    package static let responseBytes = 262_144
    /// The most header lines in a head.
    package static let fields = 256
}
