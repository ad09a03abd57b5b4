/// The text of a posted form (WHATWG URL, section 5: application/x-www-form-urlencoded).
enum FormText {
    /// The first value of this name; nil if the form has none.
    static func value(of name: String, in body: some Collection<UInt8>) -> [UInt8]? {
        let bytes = Array(body)
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let key = pair.prefix { $0 != Byte.equals }
            if decode(key).elementsEqual(name.utf8) { return decode(pair[key.endIndex...].dropFirst()) }
        }
        return nil
    }

    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        PercentEncoding.decode(text.lazy.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}
