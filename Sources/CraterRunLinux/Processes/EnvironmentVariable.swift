internal import Glibc

/// The value of an environment variable; nil if the variable is not set or empty. Users take both for the same.
package func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
