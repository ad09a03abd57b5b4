/// The answer to a probe.
package struct HealthAnswer: Equatable, Sendable {
    /// 200 for yes, 503 for no, 404 if there is nothing with the name.
    package let status: Int
    /// Plain text that ends with a newline.
    package let body: String

    package init(status: Int, body: String) {
        self.status = status
        self.body = body
    }

    /// - Parameter lines: each is escaped, so that it stays in its line.
    init(status: Int, lines: [String]) {
        self.init(status: status, body: Page(lines).text)
    }
}
