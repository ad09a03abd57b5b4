/// An ingress rule, and who serves it.
package struct RuleReport: Equatable, Sendable {
    package let rule: IngressRule
    package let service: Service
    /// Whether it was derived from the Pod's label: then it is there for the app that is served by it alone.
    package let isDerived: Bool

    package enum Service: Equatable, Sendable {
        /// Nobody whom crater-run knows.
        case none
        case app(String)
        /// It opens an app, once the job has had its time to take the port itself.
        case pending
        /// Somebody listens at its port who is not ours.
        case external
    }

    package init(rule: IngressRule, _ service: Service, isDerived: Bool = false) {
        self.rule = rule
        self.service = service
        self.isDerived = isDerived
    }

    /// The app that is served by it; nil if there is none.
    package var app: String? { if case .app(let name) = service { name } else { nil } }
}
