import CraterRunCore

/// Why an app gives no response.
enum UpstreamFailure: Equatable {
    case notConnected
    case connectTimedOut
    /// The connection has ended before the response's head.
    case ended
    /// What the app sends is no response.
    case notHTTP
}
