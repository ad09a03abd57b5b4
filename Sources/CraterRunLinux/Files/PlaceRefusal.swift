internal import CraterRunCore
internal import Glibc

/// Why a place is not used to keep anything in.
package struct PlaceRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// It is not there, or we may not write there.
        case unusable
        /// Another user could put something else in its place, or in the place of what we make there.
        case unsafe
        /// Something of another user's, or of another kind, has its name.
        case occupied
        /// It does not answer.
        case silent
    }

    package let kind: Kind
    /// Where the reason is: the place, or a directory above it.
    package let path: String
    /// Goes on after the path: `belongs to user 1000, …`.
    package let reason: String

    package var description: String { "\(PrintableText.escape(path.utf8)) \(reason)" }

    static func unusable(_ path: String, _ error: SystemCallError) -> PlaceRefusal {
        let reason = [ENOENT, ENOTDIR].contains(error.number) ? "is not there" : "cannot be used: \(error.reason)"
        return PlaceRefusal(kind: .unusable, path: path, reason: reason)
    }
}
