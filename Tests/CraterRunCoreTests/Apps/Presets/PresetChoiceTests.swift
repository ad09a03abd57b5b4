import CraterRunCore
import Testing

/// What the user has chosen already, for an app that is known by name: it stays, or is refused where it is a secret.
struct PresetChoiceTests {
    private func plan(
        _ app: any SimpleApp, _ variables: [String: String] = [:], prefix: String = "/ingress/x/"
    ) throws -> LaunchPlan {
        let rule = IngressRule(name: "r", port: 7000, prefix: PathPrefix(known: prefix))
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

    @Test(
        arguments: [
            (Bokeh(), "BOKEH_SSL_CERTFILE"), (Panel(), "BOKEH_SSL_KEYFILE"),
            (Streamlit(), "STREAMLIT_SERVER_SSL_CERT_FILE"), (Streamlit(), "STREAMLIT_SERVER_SSL_KEY_FILE"),
            (Aim(), "UVICORN_UDS"), (MLflow(), "UVICORN_SSL_CERTFILE"), (MLflow(), "UVICORN_FD"),
        ] as [(any SimpleApp, String)])
    func variablesThatLeaveTheRulesPortAreTakenOut(app: any SimpleApp, variable: String) throws {
        let given = try plan(app, [variable: "x"])
        let note =
            "the ingress speaks plain HTTP to \(app.identity.name)'s port: not passed on to \(app.identity.name): "
            + variable
        #expect(given.environment.removals == [variable] && given.notes.first == note)
        #expect(try plan(app, [variable: ""]).environment.removals == [])
    }

    /// Elsewhere, the app's flag for the prefix takes precedence.
    @Test(
        arguments: [
            (MLflow(), "MLFLOW_STATIC_PREFIX"), (MLflow(), "_MLFLOW_STATIC_PREFIX"),
            (Streamlit(), "STREAMLIT_SERVER_BASE_URL_PATH"),
        ] as [(any SimpleApp, String)])
    func atTheRootAVariableForAPrefixIsTakenOut(app: any SimpleApp, variable: String) throws {
        let atRoot = try plan(app, [variable: "/own"], prefix: "/")
        let name = app.identity.name
        #expect(atRoot.environment.removals == [variable])
        #expect(atRoot.notes.first == "\(name) is served at /: not passed on to \(name): \(variable)")
        #expect(try plan(app, [variable: "/own"]).environment.removals == [])
        #expect(try plan(app, [variable: ""], prefix: "/").environment.removals == [])
    }

    @Test(arguments: [
        ("--uvicorn-opts", "--uds s", "--uds"), ("--uvicorn-opts", "--x 1  --ssl-keyfile k", "--ssl-keyfile"),
        ("--gunicorn-opts", "--certfile=c", "--certfile"), ("--gunicorn-opts", "-b 1:2", "-b"),
        ("--gunicorn-opts", "--bind 1:2", "--bind"), ("--uvicorn-opts", "--port 1", "--port"),
        ("--waitress-opts", "--host=x", "--host"), ("MLFLOW_UVICORN_OPTS", "--uds s", "--uds"),
        ("MLFLOW_GUNICORN_OPTS", "--keyfile k", "--keyfile"), ("GUNICORN_CMD_ARGS", "--certfile c", "--certfile"),
    ])
    func flagsOfMLflowsServersThatLeaveTheRulesPortAreRefused(place: String, value: String, flag: String) throws {
        let isFlag = place.hasPrefix("-")
        let error = try #require(throws: Refusal.self) {
            try plan(MLflow(words: isFlag ? [place, value] : []), isFlag ? [:] : [place: value])
        }
        #expect(error.reason.hasPrefix("\(flag) in \(place) cannot be used: the ingress speaks plain HTTP"))
        guard isFlag else { return }
        let joined = try #require(throws: Refusal.self) { try plan(MLflow(words: ["\(place)=\(value)"])) }
        #expect(joined.reason == error.reason)
    }

    /// As many images have it: MLflow's own flag comes later, and wins.
    @Test func otherFlagsOfMLflowsServersStay() throws {
        _ = try plan(
            MLflow(words: ["--gunicorn-opts", "--timeout 60"]), ["GUNICORN_CMD_ARGS": "--bind=0.0.0.0 --timeout 9"])
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
