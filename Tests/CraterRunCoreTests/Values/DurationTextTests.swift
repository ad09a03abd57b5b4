import CraterRunCore
import Testing

struct DurationTextTests {
    struct Parsed: Sendable {
        let text: String
        let duration: Duration
    }

    @Test(arguments: [
        Parsed(text: "0", duration: .zero),
        Parsed(text: "0s", duration: .zero),
        Parsed(text: "500ms", duration: .milliseconds(500)),
        Parsed(text: "10s", duration: .seconds(10)),
        Parsed(text: "10", duration: .seconds(10)),
        Parsed(text: "2m", duration: .seconds(120)),
        Parsed(text: "2min", duration: .seconds(120)),
        Parsed(text: "1.5h", duration: .seconds(5400)),
        Parsed(text: "0.25s", duration: .milliseconds(250)),
        Parsed(text: "1d", duration: .seconds(86400)),
        Parsed(text: "36525d", duration: .seconds(3_155_760_000)),
        Parsed(text: "007s", duration: .seconds(7)),
    ])
    func reads(_ parsed: Parsed) {
        #expect(DurationText.parse(parsed.text) == parsed.duration)
    }

    @Test(arguments: [
        "", " ", "s", "ms", ".", "..", "1.2.3s", "-1", "-1s", "+1s", "1 s", " 1s", "1s ", "1S", "1y", "1sec", "1e3",
        "0x10", "1,5s", "nan", "inf", "infinity", "forever", "1h30m", "１s", "1\u{301}s", "36526d",
        "99999999999999999999",
        String(repeating: "9", count: 400), "1m\0",
    ])
    func refuses(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    struct Described: Sendable {
        let duration: Duration
        let text: String
    }

    @Test(arguments: [
        Described(duration: .zero, text: "0 s"),
        Described(duration: .nanoseconds(1), text: "0 s"),
        Described(duration: .seconds(-5), text: "0 s"),
        Described(duration: .milliseconds(7), text: "7 ms"),
        Described(duration: .milliseconds(100), text: "0.1 s"),
        Described(duration: .milliseconds(123), text: "0.1 s"),
        Described(duration: .milliseconds(500), text: "0.5 s"),
        Described(duration: .milliseconds(999), text: "0.9 s"),
        Described(duration: .seconds(1), text: "1 s"),
        Described(duration: .milliseconds(1999), text: "1.9 s"),
        Described(duration: .milliseconds(9950), text: "9.9 s"),
        Described(duration: .milliseconds(10_900), text: "10 s"),
        Described(duration: .seconds(59), text: "59 s"),
        Described(duration: .seconds(60), text: "1 min"),
        Described(duration: .seconds(61), text: "1 min 1 s"),
        Described(duration: .seconds(3599), text: "59 min 59 s"),
        Described(duration: .seconds(3600), text: "1 h"),
        Described(duration: .seconds(3900), text: "1 h 5 min"),
        Described(duration: .seconds(360_000), text: "100 h"),
        Described(duration: .seconds(Int64.max), text: "2562047 h 47 min"),
    ])
    func describes(_ described: Described) {
        #expect(DurationText.describe(described.duration) == described.text)
    }
}
