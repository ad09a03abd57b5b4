/// Jupyter's rule derived from a label of the Pod: the platform's own interactive jobs have no annotation for Jupyter.
package struct LabelFallback: Equatable, Sendable {
    /// The label; its value is `<user>-<5 hexadecimal digits>`.
    package static let key = "crater.raids.io/base-url"

    package let rule: IngressRule?
    /// Why there is no rule.
    package let problem: RuleProblem?

    /// Nil if `labels` lacks the label.
    package init?(labels: AnnotationsFile) {
        guard let value = labels[Self.key] else { return nil }
        let app = AppIdentity.jupyter
        let suffix = value.suffix(6)
        let isValid =
            value.count > suffix.count && suffix.first == UInt8(ascii: "-")
            && suffix.dropFirst().allSatisfy { Byte.isDigit($0) || (0x61...0x66).contains($0) }
            && !value.contains(Byte.slash)
        guard isValid, let prefix = try? PathPrefix("/ingress/" + String(decoding: value, as: UTF8.self)) else {
            rule = nil
            problem = RuleProblem(key: Self.key, ruleName: app.name, reason: .badLabel, value: value)
            return
        }
        rule = IngressRule(name: app.name, port: app.defaultPort ?? 8888, prefix: prefix)
        problem = nil
    }
}
