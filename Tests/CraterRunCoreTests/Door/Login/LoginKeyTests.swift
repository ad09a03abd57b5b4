import CraterRunCore
import Testing

struct LoginKeyTests {
    @Test(arguments: [
        ("12345678", "12345678"), ("  with white space \n", "with white space"), ("schlüssel", "schlüssel"),
        (String(repeating: "k", count: 512), String(repeating: "k", count: 512)),
    ])
    func isAKey(_ text: String, key: String) throws {
        #expect(try LoginKey(text).text == key)
    }

    @Test(arguments: [
        ("", "empty"), (" \n ", "empty"), ("1234567", "shorter"), (String(repeating: "k", count: 513), "longer"),
        ("two\nlines of it", "typed"), ("a bell\u{7}inside", "typed"),
    ])
    func isNone(_ text: String, because reason: String) {
        #expect { try LoginKey(text) } throws: { error in
            (error as? Refusal)?.reason.contains(reason) ?? false
        }
    }

    @Test func theEndOfALinkNeedsNoEscapes() throws {
        #expect(try LoginKey("a+b c#d/ü").fragment == "#key=a%2Bb%20c%23d%2F%C3%BC")
    }

    @Test(arguments: [
        ("key", LoginSetting.key), ("true", .key), ("off", .off), ("false", .off),
        ("/run/secrets/key", .file(path: "/run/secrets/key")), ("./key", .file(path: "./key")),
    ])
    func aSetting(_ text: String, _ setting: LoginSetting) {
        #expect(LoginSetting(text) == setting)
    }

    @Test func anyOtherWordIsNoSetting() {
        // A key where a word is expected would be taken for a file, and then be in a message.
        #expect(LoginSetting("my-secret-key") == nil && LoginSetting("") == nil)
    }

    @Test func aKeyThatCannotBeUsedIsInNoMessage() {
        var settings = Settings(GivenWords(), variables: { $0 == LoginKey.variable ? "secret" : nil })
        #expect(settings.read(.loginKey) == nil)
        #expect(settings.problems.count == 1 && !settings.problems.joined().contains("=secret"))
    }
}
