internal import CraterRunCore
internal import Glibc

/// For commands that ask again until something has come about; nothing that supervises waits like this.
package enum Pause {
    package static func wait(_ duration: Duration) {
        _ = poll(nil, 0, Int32(clamping: duration.clampedNanoseconds / 1_000_000))
    }
}
