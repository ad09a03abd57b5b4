/// The environment variable that marks an app's processes, whatever process they are reparented to.
package enum LaunchMarker {
    package static let variable = "CRATER_RUN_INSTANCE"

    /// The variable's value: `<nonce>/<app>`.
    package static func instance(of app: String, nonce: UInt64) -> String {
        "\(String(nonce, radix: 16))/\(app)"
    }

    /// The app that a value of the variable names; nil if the value belongs to a run with another nonce.
    package static func app(of instance: String, nonce: UInt64) -> String? {
        let start = self.instance(of: "", nonce: nonce)
        return instance.hasPrefix(start) ? String(instance.dropFirst(start.count)) : nil
    }
}
