import Testing

@testable import CraterRunCore

struct HostAddressTests {
    struct Case: Sendable {
        let words: String
        let text: String
        var isAny = false
        var isLoopback = false
        /// Where to ask; nil: at itself.
        var target: String?
    }

    @Test(arguments: [
        Case(words: "0100007F", text: "127.0.0.1", isLoopback: true),
        Case(words: "0500000A", text: "10.0.0.5"),
        Case(words: "00000000", text: "0.0.0.0", isAny: true, target: "127.0.0.1"),
        Case(words: "00000000000000000000000000000000", text: "::", isAny: true, target: "::1"),
        Case(words: "00000000000000000000000001000000", text: "::1", isLoopback: true),
        Case(words: "0000000000000000FFFF00000500000A", text: "10.0.0.5"),
        Case(words: "0000000000000000FFFF00000100007F", text: "127.0.0.1", isLoopback: true),
        Case(words: "000000FD000000000000000002000000", text: "fd00::2"),
        Case(words: "B80D0120000000000000010001000000", text: "2001:db8::1:0:0:1"),
    ])
    func readsWhatTheKernelWrites(_ test: Case) throws {
        let address = try #require(HostAddress(kernelWords: test.words))
        #expect(address.description == test.text)
        #expect(address.isAny == test.isAny)
        #expect(address.isLoopback == test.isLoopback)
        #expect(address.target.description == test.target ?? test.text)
    }

    @Test(arguments: ["", "7F", "0100007", "0100007G", "0100007F0100007F"])
    func refusesWhatIsNoAddress(_ words: String) {
        #expect(HostAddress(kernelWords: words) == nil)
    }

    @Test func asksWhereTheIngressCanReachTheApp() throws {
        func listener(_ words: String) -> Listener {
            let address = HostAddress(kernelWords: words)
            return Listener(port: 1, isLoopback: address?.isLoopback ?? false, address: address, inode: 1, uid: 0)
        }
        func target(_ words: String...) -> String? { Listener.target(of: words.map(listener))?.description }
        #expect(target("0500000A") == "10.0.0.5")
        #expect(target("00000000000000000000000001000000", "0500000A") == "10.0.0.5")
        #expect(target("00000000000000000000000001000000") == "::1")
        #expect(target("00000000000000000000000000000000") == "::1")
        #expect(target() == nil)
    }
}
