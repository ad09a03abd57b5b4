/// Keeps the scope that an app allows its service worker within the app's prefix (Service Workers, 6.3.1): with a wider
/// one, the worker would answer for other apps of the same host.
enum ServiceWorkerScope {
    /// Copies the field with its value within the prefix.
    ///
    /// - Parameter strips: whether the app does not know the prefix: its `/static/` is then below the prefix.
    static func write(_ field: HeaderField, within prefix: PrefixBytes, strips: Bool, to copier: inout LineCopier) {
        let value = copier.bytes[field.value]
        let isPlain = isPlain(value)
        // A scope is compared as a text: without its last slash the prefix would be a scope for the neighbours
        // /prefix-2 and the like.
        if isPlain, value.starts(with: prefix.withSlash), !beginsWithTwoSlashes(value) { return }
        copier.drop(field.value)
        if strips, isPlain, value.first == Byte.slash, !beginsWithTwoSlashes(value), !prefix.contains(value) {
            copier.append(prefix.withoutSlash)
            copier.append(value)
        } else {
            copier.append(prefix.withSlash)
        }
    }

    /// Whether a browser reads the path as it stands: without `..`, escaped or not, backslashes, and the characters that
    /// browsers leave out of a URL.
    private static func isPlain(_ value: ArraySlice<UInt8>) -> Bool {
        var last: UInt8 = 0
        for (index, byte) in zip(value.indices, value) {
            guard byte > Byte.space, byte < Byte.delete, byte != Byte.backslash else { return false }
            if byte == UInt8(ascii: "."), last == byte { return false }
            if HeaderSyntax.starts(value[index...], withIgnoringCase: "%2e") { return false }
            last = byte
        }
        return true
    }

    private static func beginsWithTwoSlashes(_ value: ArraySlice<UInt8>) -> Bool {
        value.starts(with: [Byte.slash, Byte.slash])
    }
}
