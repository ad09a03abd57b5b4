/// How and when the job ended, as the init role tells the supervisor.
package struct JobEnd: Equatable, Sendable {
    /// The exit code, or 128 + n after signal n.
    package let code: Int32
    package let at: MonotonicInstant

    package init(code: Int32, at: MonotonicInstant) {
        self.code = code
        self.at = at
    }

    /// - Parameter text: as ``text``.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let code = parts.first.flatMap({ Int32($0) }),
            let time = parts.last.flatMap({ Int64($0) })
        else { return nil }
        self.init(code: code, at: MonotonicInstant(nanoseconds: time))
    }

    /// `CODE@TIME`, the time on the monotonic clock in nanoseconds.
    package var text: String { "\(code)@\(at.nanoseconds)" }
}
