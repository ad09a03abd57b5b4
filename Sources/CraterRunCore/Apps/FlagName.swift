/// A flag of an app, and how far users may abbreviate it.
package struct FlagName: Equatable, Sendable, ExpressibleByStringLiteral {
    package let name: String
    /// The shortest abbreviation that the app accepts; the full name if the app accepts no abbreviation.
    package let shortest: String

    package init(_ name: String, shortest: String) {
        self.name = name
        self.shortest = shortest
    }

    package init(stringLiteral name: String) {
        self.init(name, shortest: name)
    }
}
