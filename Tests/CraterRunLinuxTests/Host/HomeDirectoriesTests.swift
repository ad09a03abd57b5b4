import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

struct HomeDirectoriesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Files.write(
            "ada:x:7:7:Ada:/home/ada:/bin/sh\nnobody:x:9:9::\nme:x:\(geteuid()):1::/home/me:/bin/sh\n",
            to: directory("passwd"))
    }

    private func homes(_ variables: [String: String]) -> HomeDirectories {
        HomeDirectories(variables: { variables[$0] }, passwd: directory("passwd"))
    }

    @Test func theOwnHomeIsTheVariablesOrElseTheFiles() {
        #expect(homes(["HOME": "/data/me"]).expand("~/x") == "/data/me/x")
        #expect(homes([:]).expand("~/x") == "/home/me/x")
        #expect(homes(["HOME": ""]).expand("~") == "/home/me")
    }

    @Test func anotherUsersHomeIsTheFiles() {
        #expect(homes(["HOME": "/data/me"]).expand("~ada/x") == "/home/ada/x")
        #expect(homes([:]).expand("~nobody/x") == "~nobody/x")
        #expect(homes([:]).expand("~none") == "~none")
    }

    @Test func theRunDirectoryMayBeginWithAHome() {
        #expect(HostProbe(["HOME": "/h", "CRATER_RUN_DIR": "~/run"]).value(of: .runDirectory) == "/h/run")
    }
}
