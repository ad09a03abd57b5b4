import CraterRunCore
import Testing

/// Apps that start Python again, which would look for its modules in the working directory first.
struct RestartedPythonTests {
    private static let directory = "/run/crater-run/1f/app"

    private func plan(
        _ app: any SimpleApp, _ variables: [String: String] = [:], in directory: String? = directory
    ) throws -> LaunchPlan {
        let rule = IngressRule(name: "r", port: 7000, prefix: PathPrefix(known: "/ingress/x/"))
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable, variables: variables,
            privateDirectory: directory, workingDirectory: "/work")
        return try app.plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
    }

    private func path(_ plan: LaunchPlan) -> String? {
        plan.environment.assignments.first { $0.name == "PYTHONPATH" }?.value
    }

    @Test(
        arguments: [MLflow(), Aim()] as [any SimpleApp],
        [
            ([:], ""), (["PYTHONPATH": ""], ""), (["PYTHONPATH": "/own:/b"], ":/own:/b"),
            // The working directory does not come back by this variable.
            (["PYTHONPATH": ":/own:/work/"], ":/own"),
        ] as [([String: String], String)])
    func areGivenAGuard(app: any SimpleApp, user: (variables: [String: String], rest: String)) throws {
        let plan = try plan(app, user.variables)
        let folder = "\(RestartedPythonTests.directory)/python"
        #expect(path(plan) == folder + user.rest)
        #expect(plan.preparations.map(\.description) == ["file \(folder)/sitecustomize.py"])
    }

    @Test(arguments: [MLflow(), Aim()] as [any SimpleApp])
    func startWithoutItWhereThereIsNoPlaceForIt(app: any SimpleApp) throws {
        let plan = try plan(app, ["PYTHONPATH": "/own"], in: nil)
        #expect(path(plan) == nil && plan.preparations.isEmpty)
        #expect(plan.environment.assignments.contains { $0.name == "PYTHONSAFEPATH" && $0.value == "1" })
    }

    @Test(arguments: [VisualDL(), Streamlit(), Voila(), Bokeh(), Panel()] as [any SimpleApp])
    func othersNeedNone(app: any SimpleApp) throws {
        #expect(try path(plan(app)) == nil)
    }
}
