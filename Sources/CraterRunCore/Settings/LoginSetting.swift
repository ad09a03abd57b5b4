/// Whether the front door asks for a key, and where the key comes from: `--login`.
package enum LoginSetting: Equatable, Sendable {
    case off
    /// A random key, or the key of `CRATER_RUN_LOGIN_KEY`.
    case key
    /// The key is the content of this file.
    case file(path: String)

    /// Reads `key`, `off` or a path; nil for anything else. The option without a value means `key`.
    package init?(_ text: String) {
        switch text {
        case "key", "on", "true", "yes", "1": self = .key
        case "off", "false", "no", "0": self = .off
        case _ where text.contains("/"): self = .file(path: text)
        default: return nil
        }
    }
}
