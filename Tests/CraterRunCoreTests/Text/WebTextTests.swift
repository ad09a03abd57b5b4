import Testing

@testable import CraterRunCore

struct WebTextTests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
        ("foob", "Zm9vYg==", "Zm9vYg"),
        ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"), ("\u{3FF}?>~", "z78/Pn4=", "z78_Pn4"),
    ])
    func base64(text: String, padded: String, forURL: String) {
        #expect(Base64.encode(Array(text.utf8)) == padded)
        #expect(String(decoding: Base64.encodeForURL(Array(text.utf8)), as: UTF8.self) == forURL)
    }

    @Test func base64HasAllLetters() {
        // Three bytes that hold the number of a letter four times.
        let bytes = (UInt8(0)..<64).flatMap { (letter: UInt8) -> [UInt8] in
            let first: UInt8 = letter << 2 | letter >> 4
            let second: UInt8 = letter << 4 | letter >> 2
            return [first, second, letter << 6 | letter]
        }
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(Base64.encode(bytes) == letters.map { String(repeating: $0, count: 4) }.joined())
    }

    @Test(arguments: [
        ("key=abc", "abc"), ("next=%2F&key=a%2Bb+c%26", "a+b c&"), ("key=", ""), ("key", ""), ("xkey=a", nil),
        ("", nil),
        ("a=b&&key=1&key=2", "1"), ("k%65y=a", "a"), ("key=%zz%4", "%zz%4"), ("&=&=key", nil),
    ])
    func readsAForm(body: String, value: String?) {
        #expect(FormText.value(of: "key", in: body.utf8).map { String(decoding: $0, as: UTF8.self) } == value)
    }

    @Test(arguments: [
        ("a b", "a b"), ("<script>\"&'</script>", "&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;"),
        ("\u{1B}[31m\r\n\u{202E}", "\\x1b[31m\\r\\n\\u202e"), ("&amp;", "&amp;amp;"),
        // A combining accent does not hide the character before it.
        ("<\u{301}é雪", "&lt;\u{301}é雪"),
    ])
    func escapesForHTML(text: String, html: String) { #expect(HTMLText.escape(text) == html) }
}
