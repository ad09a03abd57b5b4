/// The variable by which processes are known that belong to an app, wherever they are reparented to.
package enum LaunchMarker {
    package static let variable = "CRATER_RUN_INSTANCE"

    /// The variable's value: `<nonce>/<app>`.
    package static func instance(of app: String, nonce: UInt64) -> String {
        "\(String(nonce, radix: 16))/\(app)"
    }

    /// The app that a value of the variable names, if it is of the run with this nonce.
    package static func app(of instance: String, nonce: UInt64) -> String? {
        let start = self.instance(of: "", nonce: nonce)
        return instance.hasPrefix(start) ? String(instance.dropFirst(start.count)) : nil
    }
}
