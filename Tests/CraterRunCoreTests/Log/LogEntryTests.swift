import CraterRunCore
import Foundation
import Testing

/// How crater-run's own lines look.
struct LogEntryTests {
    private let time = WallTime(milliseconds: 1_741_064_767_123)

    private func members(_ entry: LogEntry) throws -> [String: Any] {
        let line = entry.rendered(as: .json, at: time)
        #expect(line.utf8.allSatisfy { $0 >= 0x20 } == true)
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func isTextForPeople() {
        let subject = LogSubject(app: "tb", pid: 7)
        #expect(LogEntry(.info, "tb: started", of: subject).rendered(as: .text, at: time) == "crater-run: tb: started")
        #expect(LogEntry(.debug, "x").rendered(as: .text, at: time) == "crater-run: x")
        #expect(LogEntry(.warning, "x").rendered(as: .text, at: time) == "crater-run: warning: x")
        #expect(
            LogEntry(.error, "x:", below: ["", "    y"]).rendered(as: .text, at: time)
                == "crater-run: error: x:\n\n    y")
    }

    /// However it came into a message: no line of the log is anybody's but ours.
    @Test func aValueStaysInItsLine() throws {
        let entry = LogEntry(
            .error, "port 1 is in use by x\ncrater-run: all is well\u{1B}[2K\u{9B}1A (pid 7)", below: ["a\nb\u{202E}"],
            of: LogSubject(app: "tb\n"))
        #expect(
            entry.rendered(as: .text, at: time)
                == #"crater-run: error: port 1 is in use by x\ncrater-run: all is well\x1b[2K\u009b1A (pid 7)"# + "\n"
                + #"a\nb\u202e"#)
        let members = try members(entry)
        #expect(members["message"] as? String == entry.message + "\na\nb\u{202E}")
        #expect(members["app"] as? String == "tb\n")
    }

    @Test func hasOnlyTheKeysThatApply() {
        #expect(
            LogEntry(.info, "SIGTERM received").rendered(as: .json, at: time)
                == #"{"time":"2025-03-04T05:06:07.123Z","level":"info","message":"SIGTERM received"}"#)
    }

    @Test func saysWhatItIsAboutInKeys() {
        let exited = LogSubject(app: "tb", pid: 7, status: .exited(code: 3), duration: .milliseconds(61_005))
        let killed = LogSubject(app: "tb", pid: 8, status: .signaled(.kill), duration: .zero)
        let start = #"{"time":"2025-03-04T05:06:07.123Z","level":"#
        #expect(
            LogEntry(.warning, "tb: exited", of: exited).rendered(as: .json, at: time) == start
                + #""warning","app":"tb","pid":7,"exit_code":3,"duration_seconds":61.005,"message":"exited"}"#)
        #expect(
            LogEntry(.error, "cannot go on with tb", of: killed).rendered(as: .json, at: time) == start
                + #""error","app":"tb","pid":8,"signal":"SIGKILL","duration_seconds":0.000,"message":"cannot go on with tb"}"#
        )
        let lost = LogSubject(app: "tb", status: .unknown)
        #expect(
            LogEntry(.info, "tb: tb: gone", of: lost).rendered(as: .json, at: time) == start
                + #""info","app":"tb","message":"tb: gone"}"#)
    }

    @Test func isOneLineHoweverManyTheMessageHas() throws {
        let message = "the last lines of its output were:\n    one\r\n    two/three \"four\" \\five\t"
        let lines = message.split(separator: "\n").map(String.init)
        let below = LogEntry(.error, lines[0], below: Array(lines.dropFirst())).rendered(as: .json, at: time)
        let line = LogEntry(.error, message).rendered(as: .json, at: time)
        #expect(below == line)
        #expect(line.hasSuffix(#"were:\n    one\r\n    two/three \"four\" \\five\t"}"#))
        #expect(try members(LogEntry(.error, message))["message"] as? String == message)
    }

    @Test func readsBackAsItWasWhateverItHolds() throws {
        var random = SplitMix(seed: 12)
        let all = (0..<0x3000).compactMap(Unicode.Scalar.init) + ["\u{1F600}", "\u{10FFFF}", "\u{FFFD}", "\u{FEFF}"]
        var texts = stride(from: 0, to: all.count, by: 500).map { start in all[start...].prefix(500) }
        for _ in 0..<50 {
            texts.append((0..<40).map { _ in all[Int.random(in: 0..<all.count, using: &random)] }[...])
        }
        for text in texts {
            var message = "x"
            message.unicodeScalars.append(contentsOf: text)
            let subject = LogSubject(app: message + "app")
            let members = try members(LogEntry(.info, message, of: subject))
            // By their bytes: strings that look alike are equal.
            #expect((members["message"] as? String).map { Array($0.utf8) } == Array(message.utf8))
            #expect((members["app"] as? String).map { Array($0.utf8) } == Array((message + "app").utf8))
        }
    }

    @Test func escapesWhatSomeReadersTakeForTheEndOfALine() {
        let line = LogEntry(.info, "a\u{2028}b\u{2029}c\u{85}d\u{7F}e\0f\u{1B}").rendered(as: .json, at: time)
        #expect(line.hasSuffix(#""a\u2028b\u2029c\u0085d\u007fe\u0000f\u001b"}"#))
    }
}

/// What the app's machine says of its process.
struct AppLogTests {
    private func subject(_ driver: AppDriver, _ words: String) throws -> LogSubject {
        try #require(driver.said.last { $0.message.contains(words) }).subject
    }

    @Test func namesTheAppItsProcessAndHowLongItTook() throws {
        var app = AppDriver(.tensorBoard(restart: .onFailure, maxRestarts: 1))
        app.startAndBecomeReady(pid: 41)
        let (start, ready) = (try subject(app, "started as"), try subject(app, "ready after"))
        #expect(start == LogSubject(app: "tensorboard", pid: 41))
        #expect(ready == LogSubject(app: "tensorboard", pid: 41, duration: .milliseconds(100)))
        app.pass(.milliseconds(900))
        app.send(.exited(.exited(code: 3)))
        let restart = try subject(app, "starting it again")
        #expect(restart == LogSubject(app: "tensorboard", pid: 41, status: .exited(code: 3), duration: .seconds(1)))
        app.comeBack(pid: 42)
        app.send(.exited(.signaled(.kill)))
        let failed = try subject(app, "it has failed")
        #expect(failed == LogSubject(app: "tensorboard", pid: 42, status: .signaled(.kill), duration: .zero))
    }

    @Test func tellsHowAStopEnded() throws {
        var app = AppDriver()
        app.startAndBecomeReady(pid: 41)
        app.send(.stopRequested(isShutdown: true))
        let stopping = try subject(app, "stopping")
        #expect(stopping == LogSubject(app: "tensorboard", pid: 41))
        app.send(.exited(.signaled(.terminate)))
        app.send(.surveyed(remaining: 0))
        let stopped = try subject(app, "was killed by SIGTERM")
        #expect(
            stopped
                == LogSubject(app: "tensorboard", pid: 41, status: .signaled(.terminate), duration: .milliseconds(100)))
    }

    @Test func knowsNoProcessThatWasNotStarted() throws {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        app.send(.launchFailed(.notFound("there is none")))
        let failed = try subject(app, "cannot start")
        #expect(failed == LogSubject(app: "tensorboard"))
    }
}

struct WallTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_741_064_767_123, "2025-03-04T05:06:07.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (-62_162_121_600_000, "0000-02-29T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (Int64.min, "0000-01-01T00:00:00.000Z"),
            (Int64.max, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func isWrittenAsRFC3339(_ milliseconds: Int64, _ text: String) {
        #expect(WallTime(milliseconds: milliseconds).description == text)
    }

    @Test func goesThroughTheCalendarDayByDay() throws {
        // 800 years: two whole eras.
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day: Int64 = 0
        for year in 1970..<2770 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in lengths.enumerated() {
                let last = length + (month == 1 && isLeap ? 1 : 0)
                for (date, offset) in [(1, 0), (last, last - 1)] {
                    let text = WallTime(milliseconds: (day + Int64(offset)) * 86_400_000).description
                    let numbers = text.prefix(10).split(separator: "-").compactMap { Int($0) }
                    #expect(numbers == [year, month + 1, date])
                }
                day += Int64(last)
            }
        }
    }
}
