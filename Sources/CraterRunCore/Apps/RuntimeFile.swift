/// A file in an app's runtime directory.
package struct RuntimeFile: Equatable, Sendable {
    package let name: String
    package let content: [UInt8]

    package init(name: String, content: [UInt8]) {
        self.name = name
        self.content = content
    }
}
