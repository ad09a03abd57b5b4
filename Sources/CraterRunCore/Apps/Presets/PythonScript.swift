/// A Python script that starts its own web server. Environment variables tell the server where to listen.
protocol PythonScript: ScriptApp {
    /// The variables that tell the script's web package the port, the address and the prefix.
    func variables(for place: ServingPlace) -> EnvironmentEdits
    /// Refuses a prefix that the script's web package cannot serve.
    func check(_ backend: Backend, on host: HostFacts) throws(Refusal)
}

extension PythonScript {
    package static var executableHelp: String { "The Python to run, or a program of \(title)'s beside it." }

    package var isUsersProgram: Bool { true }

    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.startsInterpreter = true
        return search
    }

    package var environment: EnvironmentEdits { EnvironmentEdits(["PYTHONUNBUFFERED": "1"]) }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try check(backend, on: host)
        return fileAndRest
    }

    package func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds {
        LaunchNeeds(environment: variables(for: place))
    }
}
