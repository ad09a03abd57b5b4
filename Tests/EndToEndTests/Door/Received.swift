import Foundation

/// What Fakes/pages was sent, as its place `received` tells.
struct Received: Decodable {
    let path: String
    private let header: [[String]]

    init(_ text: String) throws {
        do { self = try JSONDecoder().decode(Received.self, from: Data(text.utf8)) } catch {
            throw Failure("\(error): \(text)")
        }
    }

    /// All values of a header, by its name in lower case.
    subscript(name: String) -> [String] {
        header.filter { $0.first?.lowercased() == name }.compactMap(\.last)
    }
}
