/// The value of `--health-port`.
package struct HealthPort: Equatable, Sendable {
    /// The default port.
    package static let usual = HealthPort(number: 9550)

    /// The port; nil (`off`) for none.
    package let number: UInt16?

    private init(number: UInt16?) {
        self.number = number
    }

    package init?(_ text: String) {
        if text == "off" {
            number = nil
        } else if let value = UInt16(text), value > 0 {
            number = value
        } else {
            return nil
        }
    }
}
