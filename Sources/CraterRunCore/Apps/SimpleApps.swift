/// The list of all simple apps.
package enum SimpleApps {
    package static let all: [any SimpleApp.Type] = [
        Marimo.self
    ]
}
