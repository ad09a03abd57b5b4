/// Cuts our own cookies out of a Cookie header (RFC 6265, 5.4). The other cookies keep their bytes and their order.
enum CookieCut {
    /// Copies the field without the cookies of these names; without the whole line if no other cookie is left.
    static func write(_ field: HeaderField, without names: [[UInt8]], to copier: inout LineCopier) {
        let value = copier.bytes[field.value]
        let pairs = value.split(separator: Byte.semicolon, omittingEmptySubsequences: false)
        let kept = pairs.filter { pair in !names.contains { $0.elementsEqual(name(of: pair)) } }
        guard kept.count < pairs.count else { return }
        guard kept.contains(where: { !$0.allSatisfy(HeaderSyntax.isSpace) }) else {
            copier.drop(field.line)
            return
        }
        copier.drop(field.value)
        for (index, pair) in kept.enumerated() {
            if index > 0 { copier.append(CollectionOfOne(Byte.semicolon)) }
            copier.append(index == 0 ? pair.drop(while: HeaderSyntax.isSpace) : pair)
        }
    }

    /// Empty for a pair without `=`.
    private static func name(of pair: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let equals = pair.firstIndex(of: Byte.equals) else { return [] }
        return HeaderSyntax.trimmed(pair[..<equals])
    }
}
