/// Cuts our own cookies out of a Cookie header. The other cookies keep their bytes and their order.
enum CookieCut {
    /// Copies the field without the cookies of these names; without the whole line if no other cookie is left.
    static func write(_ field: HeaderField, without names: [[UInt8]], to copier: inout LineCopier) {
        let (ours, others) = count(field.value, names, in: copier.bytes.span)
        guard ours > 0 else { return }
        guard others > 0 else {
            copier.drop(field.line)
            return
        }
        let bytes = copier.bytes
        var pairs = CookiePairs(field.value)
        var isFirst = true
        while let pair = pairs.next(in: bytes.span) {
            if pair.isNamed(names, in: bytes.span) {
                copier.drop(pair.separator..<pair.range.upperBound)
            } else if isFirst {
                // Nothing separates the first cookie from what was before.
                copier.drop(pair.separator..<pair.start(in: bytes.span))
                isFirst = false
            }
        }
    }

    /// How many cookies have one of the names, and how many another.
    private static func count(_ value: Range<Int>, _ names: [[UInt8]], in bytes: Span<UInt8>) -> (Int, Int) {
        var (ours, others) = (0, 0)
        var pairs = CookiePairs(value)
        while let pair = pairs.next(in: bytes) {
            if pair.isNamed(names, in: bytes) {
                ours += 1
            } else if pair.start(in: bytes) < pair.range.upperBound {
                others += 1
            }
        }
        return (ours, others)
    }
}
