/// A flag of an app, as users may type it.
package struct FlagName: Equatable, Sendable, ExpressibleByStringLiteral {
    package let name: String
    /// The shortest beginning that the app takes for it; the name itself, where it takes no beginnings.
    package let shortest: String

    package init(_ name: String, shortest: String) {
        self.name = name
        self.shortest = shortest
    }

    package init(stringLiteral name: String) {
        self.init(name, shortest: name)
    }
}
