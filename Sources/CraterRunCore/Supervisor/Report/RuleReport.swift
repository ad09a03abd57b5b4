/// An ingress rule, and what serves it.
package struct RuleReport: Equatable, Sendable {
    package let rule: IngressRule
    package let service: Service
    /// Whether the rule was derived from the Pod's label. Such a rule is reported only if an app is served by it.
    package let isDerived: Bool

    package enum Service: Equatable, Sendable {
        /// Nothing that crater-run knows.
        case none
        case app(String)
        /// The home page.
        case home
        /// The rule is going to open an app, once the job has had time to take the port itself.
        case pending
        /// A process that is not crater-run's listens at the rule's port.
        case external
    }

    package init(rule: IngressRule, _ service: Service, isDerived: Bool = false) {
        self.rule = rule
        self.service = service
        self.isDerived = isDerived
    }

    /// The app that is served by the rule; nil if there is none.
    package var app: String? { if case .app(let name) = service { name } else { nil } }
}
