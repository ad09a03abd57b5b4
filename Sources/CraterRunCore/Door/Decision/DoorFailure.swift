/// Why an app that should take requests has not answered one.
package enum DoorFailure: Equatable, Sendable {
    /// Nothing listens where the app should.
    case refused
    /// The app has closed the connection before it answered.
    case closed
    /// The app's answer is no HTTP. Why, as a whole sentence without its full stop.
    case malformed(String)
    /// The connection to the app was not made in time.
    case late

    /// RFC 9110, sections 15.6.3 and 15.6.5.
    var status: Int { self == .late ? 504 : 502 }

    /// What follows the app's name in a sentence.
    var text: String {
        switch self {
        case .refused: "does not answer: nothing listens at its port"
        case .closed: "has closed the connection without an answer"
        case .malformed(let text): "has answered with something that is no HTTP: \(text)"
        case .late: "does not answer in time"
        }
    }
}
