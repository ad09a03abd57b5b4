/// The answer to a probe.
package struct HealthAnswer: Equatable, Sendable {
    /// 200; 503 where it is not so; 404 where nothing of that name is there.
    package let status: Int
    /// Plain text that ends with a newline.
    package let body: String

    package init(status: Int, body: String) {
        self.status = status
        self.body = body
    }

    /// - Parameter lines: whatever is in them stays in its line.
    init(status: Int, lines: [String]) {
        self.init(status: status, body: Page(lines).text)
    }
}
