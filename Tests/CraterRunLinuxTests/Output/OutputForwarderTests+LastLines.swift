import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// What is held back, and the last lines that are remembered.
extension OutputForwarderTests {
    @Test func whatIsHeldBackIsPassedOnOrForgotten() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            func say(_ text: String, _ sink: OutputForwarder.Sink = .output, of owner: String = "app") throws {
                let source = try driver.source(sink, of: owner)
                source.write(text)
                source.closeWriteEnd()
                while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            }
            try say("one\n")
            driver.forwarder.hold("app")
            try say("forgotten\nand the rest")
            #expect(driver.forwarder.recentLines(of: "app").suffix(2) == ["forgotten", "and the rest"])
            driver.forwarder.drop("app")
            driver.forwarder.hold("app")
            try say("two\n")
            try say("oh\n", .error)
            try say("not held back\n", of: "other")
            driver.forwarder.release("app")
            driver.forwarder.release("app")
            try say("three\n")
            // What is still held back at the end is nobody's.
            driver.forwarder.hold("app")
            try say("four\n")
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            let lines = text(Wait.readToEnd(driver.output.readEnd)).split(separator: "\n").map(String.init)
            #expect(lines == ["[app] one", "[app] not held back", "[app] two", "[app] three"])
            #expect(text(Wait.readToEnd(driver.error.readEnd)) == "[app] oh\n")
        }
    }

    /// A child may outlive the app that started it.
    @Test func whatIsDroppedStaysDroppedUntilItsSourceEnds() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            driver.forwarder.hold("app")
            let (old, error) = (try driver.source(), try driver.source(.error))
            let other = try driver.source(of: "other")
            old.write("held\nhalf a line")
            try driver.turn()
            driver.forwarder.drop("app")
            driver.forwarder.forget("app")
            old.write(" and its end\n")
            error.write("oh\n")
            for source in [old, error] {
                source.closeWriteEnd()
                while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            }
            #expect(driver.forwarder.recentLines(of: "app") == [])
            // The next run is another.
            let new = try driver.source()
            new.write("new\n")
            other.write("its own\n")
            while driver.forwarder.recentLines(of: "app").isEmpty || driver.forwarder.recentLines(of: "other").isEmpty {
                try driver.turn()
            }
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            let lines = text(Wait.readToEnd(driver.output.readEnd)).split(separator: "\n").map(String.init)
            #expect(lines.sorted() == ["[app] its own", "[app] new"])
            #expect(text(Wait.readToEnd(driver.error.readEnd)) == "")
        }
    }

    @Test func noMoreIsHeldBackThanCanBeKept() {
        var held = HeldOutput()
        held.add(pieces(String(repeating: "x", count: 1000) + "\n"), to: .error, from: 7)
        #expect(!held.isFull)
        for _ in 0..<70 { held.add(pieces(String(repeating: "x", count: 1000) + "\n"), to: .output, from: 7) }
        #expect(held.isFull)
        #expect(held.entries.first?.sink == .error)
    }

    @Test func theLastLinesAreRemembered() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source()
            for number in 0..<1000 { source.write("line \(number)\r\n") }
            source.closeWriteEnd()
            while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            #expect(driver.forwarder.recentLines(of: "app") == (940..<1000).map { "line \($0)" })
            driver.end()
        }
    }

    @Test func theLastLinesAreKeptForEachApp() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let (first, second) = (try driver.source(of: "first"), try driver.source(.error, of: "first"))
            let other = try driver.source(of: "other")
            for (source, line) in [(first, "one\n"), (other, "its own\n"), (second, "two\n")] {
                source.write(line)
                try driver.turn()
            }
            #expect(driver.forwarder.recentLines(of: "first") == ["one", "two"])
            #expect(driver.forwarder.recentLines(of: "other") == ["its own"])
            driver.forwarder.forget("first")
            #expect(driver.forwarder.recentLines(of: "first") == [])
            #expect(driver.forwarder.recentLines(of: "other") == ["its own"])
            first.write("three\n")
            try driver.turn()
            #expect(driver.forwarder.recentLines(of: "first") == ["three"])
            driver.end()
        }
    }
}
