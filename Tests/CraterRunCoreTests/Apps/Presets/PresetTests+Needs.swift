import CraterRunCore
import Testing

/// What the apps need beyond their command lines.
extension PresetTests {
    @Test func takesServiceLinksOut() throws {
        let links = ["MLFLOW_PORT": "tcp://10.0.0.1:5000", "STREAMLIT_SERVER_PORT": "tcp://10.0.0.1:8501"]
        #expect(try Self.plan(MLflow(), on: Self.host(links)).environment.removals == ["MLFLOW_PORT"])
        #expect(try Self.plan(Streamlit(), on: Self.host(links)).environment.removals == ["STREAMLIT_SERVER_PORT"])
    }

    @Test func letsMLflowKnowItsHost() throws {
        func value(_ name: String, _ plan: LaunchPlan) -> String? {
            plan.environment.assignments.first { $0.name == name }?.value
        }
        let plan = try Self.plan(MLflow(), publicHost: "crater.example")
        #expect(
            value("MLFLOW_SERVER_ALLOWED_HOSTS", plan)
                == "crater.example,crater.example:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*")
        #expect(value("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", plan) == "https://crater.example")
        // What the user says stays.
        let flags = try Self.plan(MLflow(words: ["--allowed-hosts", "x"]))
        #expect(value("MLFLOW_SERVER_ALLOWED_HOSTS", flags) == nil)
        let own = try Self.plan(MLflow(), on: Self.host(["MLFLOW_SERVER_ALLOWED_HOSTS": "x"]))
        #expect(value("MLFLOW_SERVER_ALLOWED_HOSTS", own) == nil)
    }

    /// With the prefix twice in its links, nothing could be sorted.
    @Test func takesThePrefixOffWhatDatasetteIsAskedFor() throws {
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/datasette"), temporaryDirectory: .usable,
            variables: ["PYTHONPATH": "/own"], privateDirectory: "/run/crater-run/1f/datasette")
        let plan = try Self.plan(Datasette(words: ["a.db"]), on: host)
        let folder = "/run/crater-run/1f/datasette/python"
        #expect(plan.environment.assignments.contains { $0.name == "PYTHONPATH" && $0.value == "\(folder):/own" })
        #expect(
            plan.preparations.map(\.description) == [
                "file \(folder)/crater_run_prefix.py", "file \(folder)/crater_run_prefix-1.dist-info/METADATA",
                "file \(folder)/crater_run_prefix-1.dist-info/entry_points.txt",
            ])
        #expect(try Self.plan(Datasette(words: ["a.db"]), prefix: "/", on: host).preparations == [])
        #expect(try Self.plan(Datasette(words: ["a.db"])).notes.count == 1)
    }

    /// The user's own path stays: Panel refuses the variable beside the flag.
    @Test(
        arguments: [
            (["a.py"], [:], "/ingress/x/", "/ingress/x/"), (["a.py"], [:], "/", nil), (["a.py"], [:], "/a;b/", nil),
            (["a.py", "--cookie-path", "/y"], [:], "/ingress/x/", nil),
            (["a.py", "--cookie-p=/y"], [:], "/ingress/x/", nil),
            (["a.py"], ["PANEL_COOKIE_PATH": "/y"], "/ingress/x/", nil),
            (["a.py"], ["PANEL_COOKIE_PATH": ""], "/ingress/x/", "/ingress/x/"),
        ] as [([String], [String: String], String, String?)])
    func keepsPanelsCookiesBelowThePrefix(
        words: [String], variables: [String: String], prefix: String, path: String?
    ) throws {
        let plan = try Self.plan(Panel(words: words), prefix: prefix, on: Self.host(variables))
        #expect(plan.environment.assignments.first { $0.name == "PANEL_COOKIE_PATH" }?.value == path)
    }

    /// Dash 3 and later would listen at 127.0.0.1 in a conda environment, whatever HOST says.
    @Test(
        arguments: [("3.0.0", true), ("4.4.1", true), (nil, true), ("2.18.2", false), ("1.21.0", false)]
            as [(String?, Bool)])
    func listensAtAllAddressesInConda(version: String?, removes: Bool) throws {
        var host = Self.host(["CONDA_PREFIX": "/opt/conda", "HOST": "x86_64-conda-linux-gnu"])
        host.package = version.map { PythonPackage(directory: "/lib/dash", versions: ["dash": $0]) }
        let plan = try Self.plan(Dash(), on: host)
        #expect(plan.environment.removals.contains("CONDA_PREFIX") == removes)
        #expect(plan.notes.contains { $0.contains("CONDA_PREFIX is removed from the environment of dash") } == removes)
        #expect(plan.environment.assignments.contains { $0.name == "HOST" && $0.value == "0.0.0.0" })
        host.variables = [:]
        // The facts have no values that are no text, but Dash has.
        #expect(try Self.plan(Dash(), on: host).notes == [])
        #expect(try Self.plan(Dash(), on: host).environment.removals.contains("CONDA_PREFIX") == removes)
    }
}
