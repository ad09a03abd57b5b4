import CraterRunCore
import Foundation
import Glibc
import Testing

/// Annotations that are not what they should be: told in one line each, and never in the way of a good rule.
@Suite(.timeLimit(TestTime.limit))
struct BadAnnotationsTests {
    /// The value of a rule, and what is said about it.
    struct Value: CustomTestStringConvertible {
        let text: [UInt8]
        let reason: String

        init(_ text: String, _ reason: String) {
            self.init(bytes: Array(text.utf8), reason)
        }

        init(bytes: [UInt8], _ reason: String) {
            text = bytes
            self.reason = reason
        }

        /// A good rule but for its port.
        static func port(_ port: String, _ reason: String) -> Value {
            Value(#"{"Name":"bad","Port":\#(port),"Prefix":"/ingress/bad/"}"#, reason)
        }

        /// A good rule but for its prefix, written as JSON.
        static func prefix(_ prefix: String, _ reason: String) -> Value {
            Value(#"{"Name":"bad","Port":1234,"Prefix":"\#(prefix)"}"#, reason)
        }

        var testDescription: String { PrintableText.escape(text, limit: 60) }
    }

    private static let values = [
        Value("", "it is not a JSON object"),
        Value("null", "it is not a JSON object"),
        Value("[]", "it is not a JSON object"),
        Value(#""{}""#, "it is not a JSON object"),
        Value("{", "it is not valid JSON"),
        Value("{}", "it has no Port"),
        Value(#"{"Port":1234}"#, "it has no Prefix"),
        Value(#"{"Port":1234,"Prefix":"/x"} trailing"#, "it is not valid JSON"),
        Value(#"{"Port":1234,"ContainerPort":4321,"Prefix":"/x"}"#, "more than once"),
        Value(#"{"Port":1234,"Prefix":"/x","prefix":"/y"}"#, "more than once"),
        Value(bytes: [0x7B, 0xFF, 0x7D], "it is not UTF-8"),
        Value(bytes: [0x7B, 0x00, 0x7D], "it is not valid JSON"),
        Value(String(repeating: "[", count: 100_000), "it is not a JSON object"),
        Value(#"{"a":"# + String(repeating: "[", count: 100_000), "nested more than"),
        Value(
            #"{"Port":1234,"Prefix":"/x","x":""# + String(repeating: "x", count: 300_000) + #""}"#, "it is longer than"),
        .port("0", "from 1 to 65535"),
        .port("65536", "from 1 to 65535"),
        .port("-1", "from 1 to 65535"),
        .port(#""6006""#, "its Port is a string, not an integer"),
        .port("6006.5", "its Port is not an integer"),
        .port("1e99", "its Port is not an integer"),
        .port("null", "its Port is null, not an integer"),
        .port(String(repeating: "9", count: 1000), "from 1 to 65535"),
        .prefix("--logdir=/", "does not begin with a slash"),
        .prefix("//evil.example", "two slashes"),
        .prefix("/a/../../etc", "`..` segment"),
        .prefix("/%2e%2e/x", "`..` segment"),
        .prefix("/a%2fb", "the escape %2f"),
        .prefix("/with space", "has the character"),
        .prefix(#"/quote\"d"#, "has the character"),
        .prefix(#"/new\nline"#, "has the character"),
        .prefix(#"/nul\u0000"#, "has the character"),
        .prefix(#"/escape\u001b[31m"#, "has the character"),
        .prefix("/" + String(repeating: "x", count: 10_000), "longer than"),
        .prefix("http://evil.example/x", "does not begin with a slash"),
        .prefix("https://user@evil.example/x", "host is wrong"),
    ]

    /// All at once, beside the good one.
    @Test(arguments: Mode.available)
    func areToldOnceEachWhileTheGoodRuleIsServed(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for (index, value) in Self.values.enumerated() {
                launcher.podInfo.annotations["ingress.crater.raids.io/\(Self.name(index))"] = value.text
            }
            try launcher.start()
            try launcher.waitUntilReady()
            // Read again: nothing is said twice.
            launcher.podInfo.setRule("another", value: "{}")
            try launcher.podInfo.write()
            try launcher.line("cannot use the ingress rule another")
            let lines = launcher.errors.lines
            for (index, value) in Self.values.enumerated() {
                let told = lines.filter { $0.contains("rule \(Self.name(index)):") }
                #expect(told.count == 1, "\(value.testDescription): \(told)")
                #expect(told.first?.contains(value.reason) == true, "\(value.testDescription): \(told)")
                #expect(told.allSatisfy { $0.utf8.count < 400 })
            }
            // Nothing that a terminal would act upon.
            #expect(!launcher.errors.bytes.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") || $0 == 0x7F })
            #expect(launcher.launches.count == 1)
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    /// Letters only, so that the name itself is worth no remark.
    private static func name(_ index: Int) -> String {
        "bad" + String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index / 26)))
            + String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    }

    @Test func endItByHandIfTheyAreTheAppsOwn() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", value: #"{"Port":0,"Prefix":"/x"}"#)
            try launcher.start()
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("cannot use the ingress rule tensorboard"))
            #expect(launcher.errors.text.contains("from 1 to 65535"))
        }
    }

    @Test(arguments: Mode.available)
    func areWaitedOutWhereWaitingWasAskedFor(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("tensorboard", value: "{}")
            try launcher.start("--wait", "forever")
            try launcher.line("cannot use the ingress rule tensorboard")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
        }
    }

    @Test func doNotStopWhatRuns() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", value: "{}")
            try launcher.podInfo.write()
            try launcher.line("cannot use the ingress rule tensorboard")
            try launcher.line("out of reach")
            #expect(launcher.readiness()?.status == 200)
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line("its ingress rule is back, unchanged")
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func cannotBeFakedInsideAnothersValue() throws {
        try withLauncher { launcher in
            launcher.podInfo.annotations["kubectl.kubernetes.io/last-applied-configuration"] = Array(
                "{}\ningress.crater.raids.io/tensorboard=\"{\\\"Port\\\":1,\\\"Prefix\\\":\\\"/evil\\\"}\"\n".utf8
            )
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.launch().arguments.contains("--path_prefix=/ingress/liuxw24-379e0"))
        }
    }

    /// A whole file in place of the annotations.
    struct Content: CustomTestStringConvertible {
        let testDescription: String
        /// Whether the app's rule is in it nevertheless.
        let holdsRule: Bool
        let make: @Sendable (PodInfo) -> [UInt8]

        init(_ name: String, holdsRule: Bool = false, _ make: @escaping @Sendable (PodInfo) -> [UInt8]) {
            testDescription = name
            self.holdsRule = holdsRule
            self.make = make
        }
    }

    private static let contents = [
        Content("empty") { _ in [] },
        Content("truncated", holdsRule: true) { $0.content.dropLast(20) },
        Content("truncated inside an escape") {
            Array($0.content[...($0.content.lastIndex(of: UInt8(ascii: "\\")) ?? 0)])
        },
        Content("binary") { _ in (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) } },
        Content("zeros") { _ in [UInt8](repeating: 0, count: 5 << 20) },
        Content("newlines") { _ in [UInt8](repeating: 10, count: 1 << 20) },
        Content("one raw value") { _ in Array(#"{"Name":"tensorboard","Port":6006,"Prefix":"/x"}"#.utf8) },
    ]

    @Test(arguments: contents)
    func leaveTheRulesAsTheyWereIfTheFileIsDamaged(content: Content) throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.podInfo.write(content.make(launcher.podInfo))
            try launcher.line("the annotations file is incomplete; the rules stay as they were")
            #expect(launcher.readiness()?.status == 200)
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/mended/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/mended/")
            #expect(launcher.launches.count == 2)
        }
    }

    @Test(arguments: Mode.available, contents)
    func areWaitedOutFromTheStart(mode: Mode, content: Content) throws {
        try withLauncher(mode) { launcher in
            try launcher.podInfo.write(content.make(launcher.podInfo))
            try launcher.startCommand(["tensorboard", "--annotations", launcher.podInfo.path, "--wait", "forever"])
            if !content.holdsRule {
                try launcher.line("waiting")
                #expect(launcher.launches.isEmpty)
                try launcher.podInfo.write()
            }
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
        }
    }

    /// Quoted, the annotations of a Pod can be some megabytes.
    @Test func mayBeLarge() throws {
        try withLauncher { launcher in
            launcher.podInfo.annotations["a/first"] = [UInt8](repeating: 0x01, count: 5 << 18)
            launcher.podInfo.annotations["z/last"] = [UInt8](repeating: 0x01, count: 1 << 10)
            #expect(launcher.podInfo.content.count > 5 << 20)
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func mayBeADirectoryForAWhile() throws {
        try withLauncher { launcher in
            let path = "\(launcher.root)/annotations"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try launcher.startCommand(["tensorboard", "--annotations", path, "--wait", "forever"])
            try launcher.line("cannot read the annotations file \(path): it is a directory")
            try FileManager.default.removeItem(atPath: path)
            try Data(launcher.podInfo.content).write(to: URL(fileURLWithPath: path))
            try launcher.waitUntilReady()
        }
    }

    /// What a kubelet leaves that crashed in the middle of a change.
    @Test func mayHaveBeenLeftInTheMiddleOfAChange() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try FileManager.default.createSymbolicLink(
                atPath: "\(launcher.podInfo.directory)/..data_tmp",
                withDestinationPath: "..nowhere"
            )
            try launcher.startCommand(["tensorboard", "--annotations", launcher.podInfo.path])
            try launcher.waitUntilReady()
            try FileManager.default.removeItem(atPath: "\(launcher.podInfo.directory)/..data_tmp")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/next/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/next/")
        }
    }
}
