import CraterRunCore
import Testing

@testable import CraterRun

/// How the settings for the front door follow from an app's own words, those of `up`, and the environment.
struct DoorSettingsTests {
    private func definition(
        _ words: [String], up: [String] = [], _ variables: [String: String] = [:]
    ) throws -> AppDefinition {
        let request = try #require(AppRequest(plain: words))
        var own = Settings(request.given, variables: { variables[$0] })
        let given = try #require(OptionTable.up.read(up))
        var ups = Settings(given, variables: { variables[$0] })
        return request.definition(in: .up, publicHost: nil, under: DoorSettings(&ups), settings: &own)
    }

    @Test func withoutAWordThereIsNoDoor() throws {
        let definition = try definition(["tensorboard"])
        #expect(definition.policy.door == nil && definition.login == nil && definition.policy.withoutLogin != nil)
    }

    @Test(arguments: [
        (["--door"], [], DoorUse()), ([], ["--door"], DoorUse()),
        (["--login"], [], DoorUse(hasLogin: true)), ([], ["--login"], DoorUse(hasLogin: true)),
        (["--strip-prefix"], [], DoorUse(strips: true)), ([], ["--strip-prefix"], DoorUse(strips: true)),
        (["--strip-prefix"], ["--login"], DoorUse(strips: true, hasLogin: true)),
    ])
    func wordsOfTheAppAndOfUp(_ words: [String], up: [String], use: DoorUse) throws {
        #expect(try definition(["tensorboard"] + words, up: up).policy.door == use)
    }

    @Test(arguments: [
        ("CRATER_RUN_DOOR", "on", DoorUse?.some(DoorUse()), LoginSource?.none),
        ("CRATER_RUN_DOOR", "off", nil, nil),
        ("CRATER_RUN_STRIP_PREFIX", "on", DoorUse(strips: true), nil),
        ("CRATER_RUN_LOGIN", "key", DoorUse(hasLogin: true), .random),
        ("CRATER_RUN_LOGIN", "/run/key", DoorUse(hasLogin: true), .file(path: "/run/key")),
        ("CRATER_RUN_LOGIN", "off", nil, nil),
        // What cannot be used must not leave the app open.
        ("CRATER_RUN_LOGIN", "key.txt", DoorUse(hasLogin: true), .random),
        ("CRATER_RUN_LOGIN_KEY", "too few", DoorUse(hasLogin: true), .random),
    ])
    func variables(_ name: String, _ value: String, use: DoorUse?, login: LoginSource?) throws {
        let definition = try definition(["tensorboard"], [name: value])
        #expect(definition.policy.door == use && definition.login == login)
    }

    /// A job that uses Ray must not find one that only a rule's name has started.
    @Test func appsThatKnowNoPrefixAreStartedOnlyIfTheyAreNamed() throws {
        var settings = Settings(try #require(OptionTable.up.read([])), variables: { _ in nil })
        var forgiven: [String] = []
        let names = UpSettings(&settings).automaticApps(forgiven: &forgiven).map(\.name)
        #expect(Set(names).isSuperset(of: ["tensorboard", "jupyter", "gradio", "datasette"]))
        #expect(Set(names).isDisjoint(with: ["netron", "hiplot", "ray", "dask", "code-server"]))
    }

    @Test func aKeyOfTheUsersOwnIsALogin() throws {
        let definition = try definition(["tensorboard"], [LoginKey.variable: "my own key"])
        #expect(definition.login == .given(try LoginKey("my own key")))
        #expect(definition.policy.withoutLogin == nil, "nobody is told that it has no login")
    }

    @Test func aVariableDoesNotTakeBackWhatWordsAskFor() throws {
        let off = ["CRATER_RUN_LOGIN": "off", "CRATER_RUN_DOOR": "off"]
        #expect(try definition(["tensorboard", "--login"], off).policy.door == DoorUse(hasLogin: true))
        #expect(try definition(["tensorboard"], up: ["--login"], off).policy.door == DoorUse(hasLogin: true))
        #expect(try definition(["tensorboard"], up: ["--door"], off).policy.door == DoorUse())
    }
}
