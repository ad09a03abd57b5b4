internal import CraterRunCore
internal import Glibc

/// A blocking wait, for commands that ask a supervisor again and again. A supervisor or an init never waits like this.
package enum Pause {
    package static func wait(_ duration: Duration) {
        _ = poll(nil, 0, Int32(clamping: duration.clampedNanoseconds / 1_000_000))
    }
}
