import CraterRunCore
import Testing

/// What the user has chosen already, for an app that is known by name: it stays, or is refused where it is a secret.
struct PresetChoiceTests {
    private func plan(_ app: any SimpleApp, _ variables: [String: String] = [:]) throws -> LaunchPlan {
        let rule = IngressRule(name: "r", port: 7000, prefix: PathPrefix(known: "/ingress/x/"))
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable, variables: variables)
        return try app.plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
    }

    /// The user's own directory may hold a plugin.
    @Test(
        arguments: [MLflow(), Aim()] as [any SimpleApp],
        [([:], "/nonexistent"), (["UVICORN_APP_DIR": ""], "/nonexistent"), (["UVICORN_APP_DIR": "/own"], nil)]
            as [([String: String], String?)])
    func keepsTheUsersDirectoryOfModules(app: any SimpleApp, choice: (variables: [String: String], value: String?))
        throws
    {
        let edits = try plan(app, choice.variables).environment
        #expect(edits.assignments.first { $0.name == "UVICORN_APP_DIR" }?.value == choice.value)
        #expect(!edits.removals.contains("UVICORN_APP_DIR"))
        #expect(edits.assignments.contains { $0.name == "PYTHONSAFEPATH" && $0.value == "1" })
    }

    @Test func gradiosDirectoryCanBeElsewhere() {
        #expect(Gradio().temporaryDirectories == ["gradio"])
        #expect(Gradio().temporaryDirectoryVariable == "GRADIO_TEMP_DIR")
    }

    /// Datasette 1.0 has a short flag, and a longer name of the setting.
    @Test(arguments: [
        ["--setting", "base_url"], ["--setting=base_url"], ["-s", "base_url"], ["-sbase_url"],
        ["--setting", "settings.base_url"], ["-s", "settings.base_url"],
    ])
    func datasettesPrefixIsTheRules(flag: [String]) throws {
        let plain = try plan(Datasette(words: ["a.db", "--own", "1"])).arguments
        #expect(try plan(Datasette(words: ["a.db"] + flag + ["/ingress/x", "--own", "1"])).arguments == plain)
        for value in [["/y/"], []] {
            let error = try #require(throws: Refusal.self) { try plan(Datasette(words: ["a.db"] + flag + value)) }
            #expect(error.reason.hasPrefix((flag + value).joined(separator: " ") + " contradicts the rule"))
        }
    }

    @Test(arguments: [["-s", "default_page_size", "5"], ["--setting", "base", "/y"], ["-s"], ["--setting"]])
    func datasettesOtherSettingsStay(flags: [String]) throws {
        #expect(try plan(Datasette(words: ["a.db"] + flags)).arguments.suffix(flags.count) == flags[...])
    }

    @Test(arguments: [
        "postgresql://db:5432/runs?application_name=me@corp", "sqlite:///a@b:c.db", "postgresql://u@db/x",
        "http://host:5000/a@b", "postgresql://db:5432/x", "postgresql://db/x?password=",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BTrusted_Connection%3Dyes", "mysql://db/x?pwd_policy=1",
    ])
    func aStoreWithoutAPasswordIsTaken(store: String) throws {
        _ = try plan(MLflow(words: [store]))
    }

    @Test(arguments: [
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BUID%3Du%3BPWD%3Dgeheim",
        "mssql+pyodbc:///?odbc_connect=Pwd%3dgeheim",
        "mysql://db/x?passwd=geheim", "postgresql://db/x?user=u&pass%77ord=geheim", "postgresql://u:1/geheim@db/x",
        "postgresql://u:5432/geheim@db/x?application_name=me@corp", "postgresql://u:geheim@db:5432/x?y=1",
    ])
    func aStoreWithAPasswordIsRefused(store: String) throws {
        let error = try #require(throws: Refusal.self) { try plan(MLflow(words: [store])) }
        #expect(!error.reason.contains("geheim") && error.reason.contains("a URL with a password"))
    }
}
