internal import CraterRunCore
internal import Glibc

/// Why crater-run keeps nothing in a place.
package struct PlaceRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of the reason.
    package enum Kind: Sendable {
        /// The place does not exist, or we may not write there.
        case unusable
        /// Another user could replace the place, or what we create there.
        case unsafe
        /// An entry of another user, or of another kind, has the place's name.
        case occupied
        /// The file system does not answer.
        case silent
    }

    package let kind: Kind
    /// The path that the reason is about: the place, or a directory above it.
    package let path: String
    /// Continues the sentence after the path: `belongs to user 1000, …`.
    package let reason: String

    package var description: String { "\(PrintableText.escape(path.utf8)) \(reason)" }

    static func unusable(_ path: String, _ error: SystemCallError) -> PlaceRefusal {
        let reason = [ENOENT, ENOTDIR].contains(error.number) ? "is not there" : "cannot be used: \(error.reason)"
        return PlaceRefusal(kind: .unusable, path: path, reason: reason)
    }
}
