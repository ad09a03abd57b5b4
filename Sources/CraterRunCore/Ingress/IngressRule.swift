/// One ingress rule of the platform: a public path, and the container port to which the ingress forwards its requests.
package struct IngressRule: Hashable, Sendable {
    /// Why a text does not say where an app is served.
    package enum LocationError: Error, Equatable, Sendable {
        case prefix(PathPrefix.ValidationError)
        case host(PublicHost.ValidationError)

        /// What is wrong, as the end of a sentence.
        package var reason: String {
            switch self {
            case .prefix(let error): error.reason
            case .host(let error): "its host is wrong: \(error.reason)"
            }
        }
    }

    /// The suffix of the annotation's key; unique among the rules of a Pod.
    package let name: String
    /// The container's port, 1…65535.
    package let port: UInt16
    package let prefix: PathPrefix
    /// The host, if the platform wrote a full URL: a valid ``PublicHost``.
    package let publicHost: String?

    package init(name: String, port: UInt16, prefix: PathPrefix, publicHost: String? = nil) {
        self.name = name
        self.port = port
        self.prefix = prefix
        self.publicHost = publicHost
    }

    /// Reads a path, or a full URL `https://host[:port]/path/`.
    package static func location(
        _ text: String
    ) throws(LocationError) -> (prefix: PathPrefix, publicHost: PublicHost?) {
        let scheme = "https://"
        guard text.prefix(scheme.count).lowercased() == scheme else {
            return (try prefix(text), nil)
        }
        let rest = text.dropFirst(scheme.count)
        let slash = rest.utf8.firstIndex(of: Byte.slash) ?? rest.endIndex
        let host: PublicHost
        do throws(PublicHost.ValidationError) { host = try PublicHost(String(rest[..<slash])) } catch {
            throw .host(error)
        }
        return (try prefix(String(rest[slash...])), host)
    }

    private static func prefix(_ text: String) throws(LocationError) -> PathPrefix {
        do throws(PathPrefix.ValidationError) { return try PathPrefix(text) } catch { throw .prefix(error) }
    }
}
