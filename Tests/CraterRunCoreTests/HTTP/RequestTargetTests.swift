import CraterRunCore
import Testing

struct RequestTargetTests {
    @Test(
        arguments: [
            ("/", [""], nil), ("/livez", ["livez"], nil), ("/a/b/?c=d&e", ["a", "b", ""], "c=d&e"),
            ("//a", ["", "a"], nil),
            ("/a?", ["a"], ""), ("/a?b?c", ["a"], "b?c"), ("/%61%2F%2e%zz%4", ["a/.%zz%4"], nil),
            ("/%ff", ["\u{FFFD}"], nil),
            // RFC 9112, section 3.2.2: every server takes the whole URL.
            ("http://host/livez", ["livez"], nil), ("HTTP://user@[::1]:9550/a/b?c", ["a", "b"], "c"),
            ("https://host", [""], nil), ("http://host?verbose", [""], "verbose"), ("http://", [""], nil),
            ("http://host/http://other/x", ["http:", "", "other", "x"], nil),
            ("http://host/a?u=http://x/", ["a"], "u=http://x/"),
        ] as [(String, [String], String?)])
    func hasPathAndQuery(target: String, segments: [String], query: String?) {
        let parsed = RequestTarget(target)
        #expect(parsed?.segments == segments)
        #expect(parsed?.query == query)
    }

    @Test(arguments: ["", "*", "host:9550", "livez", "ftp://host/livez", "http:/livez", "http", "?verbose"])
    func isNoPath(target: String) {
        #expect(RequestTarget(target) == nil)
    }

    @Test func looksForAWordOfTheQuery() {
        for query in ["verbose", "x=1&verbose", "verbose=1", "verbose="] {
            #expect(RequestTarget("http://host/livez?\(query)")?.asks(for: "verbose") == true)
        }
        for query in ["", "verbos", "verbose2", "x=verbose"] {
            #expect(RequestTarget("/livez?\(query)")?.asks(for: "verbose") == false)
        }
    }
}

struct PercentEncodingTests {
    @Test func aSegmentComesBack() {
        #expect(PercentEncoding.encode("aZ9-._~") == "aZ9-._~")
        #expect(PercentEncoding.encode("a/b c%\r\né") == "a%2Fb%20c%25%0D%0A%C3%A9")
        for text in ["", "a/b", "é\u{1B}", "100%", "a b"] {
            #expect(RequestTarget("/x/\(PercentEncoding.encode(text))")?.segments == ["x", text])
        }
    }
}
