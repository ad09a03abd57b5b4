/// What is at a port.
package struct PortFacts: Equatable, Sendable {
    /// Whether an app that wants it would be refused.
    package let isTaken: Bool
    /// What a GET of the app's readiness path under the prefix found; nil where nobody was asked.
    package let underPrefix: CheckOutcome?
    /// The same without the prefix; nil where nobody was asked.
    package let atRoot: CheckOutcome?
    /// The Location of the answer under the prefix, as the app wrote it.
    package let location: String?

    package init(
        isTaken: Bool, underPrefix: CheckOutcome? = nil, atRoot: CheckOutcome? = nil, location: String? = nil
    ) {
        self.isTaken = isTaken
        self.underPrefix = underPrefix
        self.atRoot = atRoot
        self.location = location
    }
}
