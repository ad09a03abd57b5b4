import CraterRunCore
import Foundation
import Glibc
import Testing

/// The login of the front door.
@Suite(.timeLimit(TestTime.limit))
struct DoorLoginTests {
    private func bearer(_ key: String) -> [String] { ["Authorization: Bearer \(key)"] }

    @Test(arguments: Mode.available)
    func onlyTheKeyOpensTheApp(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start("--login")
            let line = try launcher.line("tensorboard: open \(launcher.prefix)#key=")
            let key = try #require(line.split(separator: "=").last.map(String.init))
            #expect(key.count == 48 && key.allSatisfy(\.isHexDigit))
            #expect(try launcher.answer().status == 401)
            #expect(try launcher.answer(fields: bearer("wrong")).status == 401)
            let answer = try launcher.waitUntilAnswered(200, fields: bearer(key))
            #expect(try answer.status == 200 && answer.body == "\(launcher.launch().pid)\n")
            // The platform takes the first such text in a log for Jupyter's token.
            #expect(!launcher.errors.text.contains("?token="))
            #expect(!launcher.errors.text.contains("has no login"))
        }
    }

    @Test(arguments: ["--login", ""])
    func aKeyOfTheUsersOwn(option: String) throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "my own key"
            try launcher.startUp(["--app", "tensorboard \(option)"])
            try launcher.line("tensorboard: open \(launcher.prefix)#key=my%20own%20key")
            try launcher.waitUntilAnswered(200, fields: bearer("my own key"))
            let entries = try launcher.launch().environment.map { String(decoding: $0, as: UTF8.self) }
            #expect(!entries.contains { $0.hasPrefix("CRATER_RUN_LOGIN_KEY=") }, "the app does not need it")
        }
    }

    @Test func aKeyFromAFile() throws {
        try withLauncher { launcher in
            let file = "\(launcher.root)/key"
            launcher.environment["CRATER_RUN_LOGIN"] = file
            try launcher.start()
            try launcher.line("cannot read the key of its login from \(file)")
            #expect(launcher.launches.isEmpty, "nothing is open before there is a key")
            // The log's line may be there before the front door knows.
            let refused = try launcher.waitUntilAnswered(
                503, saying: "is not served: the key of its login cannot be read: ", fields: bearer("a key in a file"))
            #expect(!refused.body.contains(file), "everybody reads this")
            try Data("a key in a file\n".utf8).write(to: URL(fileURLWithPath: file))
            try launcher.line("#key=a%20key%20in%20a%20file")
            try launcher.waitUntilAnswered(200, fields: bearer("a key in a file"))
            #expect(try launcher.answer().status == 401)
        }
    }

    /// An app that never listens tells why, to those who have the key.
    @Test func theOutputIsShownWhileTheAppStarts() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "my own key"
            let (port, prefix) = (Port.free(), "/ingress/slow/")
            launcher.podInfo.setRule("slow", port: port, prefix: prefix)
            try launcher.startUp(["--app", "app slow -- sh -c 'echo loading the model; exec sleep 600'"])
            let html = ["Accept: text/html"]
            try launcher.wait(until: "the page shows the output") {
                let page = HTTP.get(prefix, port: port, fields: html + bearer("my own key"))
                return page?.status == 503 && page?.body.contains("loading the model") == true
            }
            let page = try #require(HTTP.get(prefix, port: port, fields: html))
            #expect(page.status == 503 && !page.body.contains("loading the model"))
            #expect(try launcher.ask("stop", "slow").ending == .exited(0))
            try launcher.wait(until: "the page says how to start the app") {
                HTTP.get(prefix, port: port, fields: html)?.body.contains("crater-run start slow") == true
            }
        }
    }

    @Test func linksAreForTheOwnUserAlone() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_PUBLIC_HOST"] = "crater.example.org"
            try launcher.startUp(["--login", "--app", "tensorboard"])
            let link = "https://crater.example.org\(launcher.prefix)#key="
            try launcher.line("tensorboard: open \(link)")
            let said = try launcher.ask("status", "--links")
            #expect(said.ending == .exited(0) && said.output.hasPrefix("tensorboard: \(link)"), "\(said)")
            let shown = try launcher.ask("status")
            #expect(!shown.output.contains("#key="))
            let json = try launcher.ask("status", "--output", "json")
            #expect(!json.output.contains("key="))
            guard geteuid() == 0 else { return }
            try launcher.letStrangersIn()
            let strangers = try launcher.askAsStranger("status", "--links")
            #expect(!strangers.output.contains("#key=") && !strangers.errors.contains("#key="), "\(strangers)")
            let fetched = try launcher.curl("/v1/links", wrapper: Launcher.stranger)
            #expect(fetched.status == 403 && !fetched.body.contains("#key="))
        }
    }

    @Test func aKeyThatCanBeGuessedIsRefused() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "short"
            try launcher.start()
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text.contains("CRATER_RUN_LOGIN_KEY"))
            #expect(!launcher.errors.text.contains("=short"))
        }
    }

    @Test func underUpAKeyThatCannotBeUsedLeavesNothingOpen() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "short"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.line("tensorboard: open \(launcher.prefix)#key=")
            #expect(try launcher.answer().status == 401)
            #expect(try launcher.answer(fields: bearer("short")).status == 401)
        }
    }
}
