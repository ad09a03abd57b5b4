/// How long heads may be. The limits are those of the most generous app that is served (Tornado: 64 KB), so that the
/// door refuses nothing that the app would have taken.
package enum HeadLimits {
    /// The longest head of a request, from the first byte to the end of the empty line.
    package static let requestBytes = 65_536
    /// The longest head of a response. An app is trusted with more than a client.
    package static let responseBytes = 262_144
    /// The most header lines in a head.
    package static let fields = 256
}
