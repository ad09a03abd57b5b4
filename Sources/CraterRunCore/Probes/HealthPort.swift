/// The value of `--health-port`.
package struct HealthPort: Equatable, Sendable {
    /// Where nobody says.
    package static let usual = HealthPort(number: 9550)

    /// Nil: none.
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
