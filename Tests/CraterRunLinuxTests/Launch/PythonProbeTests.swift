import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// Which Python a script gets, and what else is found out about an app's surroundings.
@Suite(.timeLimit(.minutes(5))) struct PythonProbeTests {
    private let directory: TemporaryDirectory
    private let name = "crater-run-test-app"

    init() throws {
        directory = try TemporaryDirectory()
        for folder in ["env", "env/bin", "other"] { try Files.makeDirectory(directory(folder)) }
    }

    private func script(_ first: String, at path: String) throws {
        try Files.write("\(first)\nprint()\n", to: directory(path), mode: 0o755)
    }

    private func facts(_ path: String, _ app: TestApp = TestApp(), override: String? = nil) throws -> HostFacts {
        try HostProbe(["PATH": path]).facts(for: app, executable: override)
    }

    @Test(arguments: [
        "#!/usr/bin/env python", "#!/usr/bin/env python3", "#!/not/there/bin/python3.8", "#!/usr/bin/env -S python -s",
    ])
    func theOneBesideTheScriptIsTaken(_ first: String) throws {
        try script(first, at: "env/bin/\(name)")
        for python in ["python", "python3"] { try Files.script("", at: directory("env/bin/\(python)")) }
        try Files.script("", at: directory("other/python"))
        let facts = try facts(directory("other"), override: directory("env/bin/\(name)"))
        guard case .script(let path, _, let python) = facts.program else {
            Issue.record("\(facts.program)")
            return
        }
        #expect(path == directory("env/bin/\(name)"))
        #expect(python.hasPrefix(directory("env/bin/python")))
        #expect(facts.pythonEnvironment?.directory == directory("env/bin"))
        #expect(facts.pythonEnvironment?.activationScripts == nil)
    }

    @Test func aLinkToTheScriptLeadsToItsEnvironment() throws {
        try script("#!/usr/bin/env python", at: "env/bin/\(name)")
        try Files.script("", at: directory("env/bin/python"))
        try Files.link(directory("other/\(name)"), to: directory("env/bin/\(name)"))
        guard case .script(_, _, let python) = try facts(directory("other")).program else {
            Issue.record("not by the interpreter beside the target")
            return
        }
        #expect(python.hasSuffix("/env/bin/python"))
    }

    /// As in images of Python, which have their own Python in /usr/local/bin.
    @Test(arguments: ["#!/usr/bin/env python3", "#!/usr/bin/env python", "#!/not/there/bin/python3.8"])
    func thePythonBesideALinkIsAnothers(_ first: String) throws {
        try script(first, at: "env/bin/\(name)")
        for folder in ["env/bin", "other"] {
            for python in ["python", "python3"] { try Files.script("", at: directory("\(folder)/\(python)")) }
        }
        try Files.link(directory("other/\(name)"), to: directory("env/bin/\(name)"))
        for path in [directory("other"), "\(directory("other")):\(directory("env/bin"))"] {
            guard case .script(_, _, let python) = try facts(path).program else { throw Mistaken() }
            #expect(python.contains("/env/bin/python"))
        }
    }

    /// The Python beside a link is taken if there is none beside the link's target.
    @Test func thePythonBesideALinkIsBetterThanNone() throws {
        try script("#!/usr/bin/env python", at: "other/\(name)")
        try Files.script("", at: directory("env/bin/python"))
        try Files.link(directory("env/bin/\(name)"), to: directory("other/\(name)"))
        let facts = try facts("/nowhere", override: directory("env/bin/\(name)"))
        guard case .script(_, _, let python) = facts.program else { throw Mistaken() }
        #expect(python == directory("env/bin/python"))
    }

    /// An environment's directory may be a link: the script in it is none.
    @Test func anEnvironmentBehindALinkIsActivated() throws {
        try script("#!/usr/bin/env python", at: "env/bin/\(name)")
        try Files.script("", at: directory("env/bin/python"))
        try Files.link(directory("current"), to: directory("env"))
        guard case .executable = try facts(directory("current/bin")).program else { throw Mistaken() }
    }

    @Test func aScriptThatFindsItsInterpreterIsStartedByItself() throws {
        try Files.script("", at: directory("env/bin/python"))
        try script("#!\(directory("env/bin/python"))", at: "env/bin/\(name)")
        guard case .executable = try facts(directory("env/bin")).program else { throw Mistaken() }
        // Its environment is activated.
        try script("#!/usr/bin/env python", at: "env/bin/\(name)")
        guard case .executable = try facts(directory("env/bin")).program else { throw Mistaken() }
        // It is no Python script.
        try script("#!/bin/sh", at: "env/bin/\(name)")
        guard case .executable = try facts("/usr/bin", override: directory("env/bin/\(name)")).program else {
            throw Mistaken()
        }
    }

    @Test func anInterpreterIsKnownForAnAppThatIsStartedByIt() throws {
        try script("#!/usr/bin/env python", at: "env/bin/\(name)")
        try Files.script("", at: directory("env/bin/python"))
        var app = TestApp()
        app.programSearch.startsInterpreter = true
        let facts = try facts("/nowhere", app, override: directory("env/bin/\(name)"))
        #expect(facts.program == .interpreter(python: directory("env/bin/python")))
        #expect(facts.pythonEnvironment?.directory == directory("env/bin"))
    }

    @Test func scriptsOfCondasActivationAreSeen() throws {
        try script("#!/usr/bin/env python", at: "env/bin/\(name)")
        try Files.script("", at: directory("env/bin/python"))
        for folder in ["env/etc", "env/etc/conda", "env/etc/conda/activate.d"] {
            try Files.makeDirectory(directory(folder))
        }
        let override = directory("env/bin/\(name)")
        #expect(try facts("/nowhere", override: override).pythonEnvironment?.activationScripts == nil)
        try Files.write("", to: directory("env/etc/conda/activate.d/gcc.sh"))
        let scripts = directory("env/etc/conda/activate.d")
        #expect(try facts("/nowhere", override: override).pythonEnvironment?.activationScripts == scripts)
        // The environment is activated.
        let active = HostProbe(["PATH": "/nowhere", "CONDA_PREFIX": "\(directory("env"))/"])
        let environment = try active.facts(for: TestApp(), executable: override).pythonEnvironment
        #expect(environment?.isFoundBeside == true && environment?.activationScripts == nil)
        // A script that finds its interpreter by itself is not activated either.
        try script("#!\(directory("env/bin/python"))", at: "env/bin/\(name)")
        let plain = try facts("/nowhere", override: override).pythonEnvironment
        #expect(plain?.activationScripts == scripts && plain?.isFoundBeside == false)
        #expect(try active.facts(for: TestApp(), executable: override).pythonEnvironment == nil)
        // The user's own commands get this environment too.
        #expect(try facts("/bin:\(directory("env/bin"))/", override: override).pythonEnvironment == nil)
        Files.remove(directory("env/etc/conda/activate.d/gcc.sh"))
        #expect(try facts("/nowhere", override: override).pythonEnvironment == nil)
    }

    @Test func aTemporaryFileThatCannotBeWrittenIsSeen() throws {
        try Files.script("", at: directory("env/bin/tensorboard"))
        let probe = HostProbe(["PATH": directory("env/bin"), "TMPDIR": directory("other")])
        func found() throws -> HostFacts.TemporaryDirectory {
            try probe.facts(for: TensorBoard(), executable: nil).temporaryDirectory
        }
        #expect(try found() == .usable)
        // Root may write to any directory, but not in a file as if it were one.
        try Files.write("", to: directory("other/.tensorboard-info"))
        #expect(try found() == .occupied(by: directory("other/.tensorboard-info")))
        Files.remove(directory("other/.tensorboard-info"))
        try Files.makeDirectory(directory("other/.tensorboard-info"))
        #expect(try found() == .usable)
    }

    @Test func aTemporaryFileCountsUnlessTheUserHasItElsewhere() throws {
        try Files.write("", to: directory("other/demo"))
        let app = TestApp(temporaryDirectories: ["demo"], temporaryDirectoryVariable: "DEMO_DIR")
        func found(_ value: String?) throws -> HostFacts.TemporaryDirectory {
            var environment = [Array("TMPDIR=\(directory("other"))".utf8)]
            if let value { environment.append(Array("DEMO_DIR=\(value)".utf8)) }
            return try HostProbe(environment: environment).facts(for: app, executable: Tool.path("true"))
                .temporaryDirectory
        }
        for value in [nil, ""] { #expect(try found(value) == .occupied(by: directory("other/demo"))) }
        #expect(try found("/elsewhere") == .usable)
    }

    @Test func aSettingInAConfigurationFileIsFound() throws {
        try Files.script("", at: directory("env/bin/jupyter-notebook"))
        let probe = HostProbe(["PATH": directory("env/bin"), "JUPYTER_CONFIG_DIR": directory("other")])
        let file = directory("other/jupyter_notebook_config.py")
        func found() throws -> String? {
            try probe.facts(for: Jupyter(interface: .notebook), executable: nil).configuration["tornado_settings"]?
                .first
        }
        #expect(try found() == nil)
        try Files.write("# c.NotebookApp.tornado_settings = {}\n", to: file)
        #expect(try found() == nil)
        try Files.write("c.NotebookApp.tornado_settings = {'headers': {}}\n", to: file)
        #expect(try found() == file)
    }

    /// Jupyter Server's files, and the files that the user's flags name.
    @Test(arguments: [
        "jupyter_server_config.py", "jupyter_server_config.json", "jupyter_lab_config.py", "jupyter_config.json",
        "jupyter_nbclassic_config.py",
    ])
    func aSettingIsFoundInTheFilesOfEveryServer(_ name: String) throws {
        try Files.script("", at: directory("env/bin/jupyter-lab"))
        try Files.write("c.NotebookApp.x = 1\n", to: directory("other/\(name)"))
        let variables = [("PATH", directory("env/bin")), ("JUPYTER_CONFIG_DIR", directory("other"))]
        func found(_ flags: [String] = [], _ more: [(String, String)] = []) throws -> [String]? {
            let environment = (variables + more).map { Array("\($0.0)=\($0.1)".utf8) }
            return try HostProbe(environment: environment).facts(for: Jupyter(flags: flags), executable: nil)
                .configuration["NotebookApp"]
        }
        #expect(try found() == [directory("other/\(name)")])
        #expect(try found([], [("JUPYTER_NO_CONFIG", "1")]) == nil)
        // Jupyter reads only its list of extensions there, and JupyterLab puts NotebookApp there.
        Files.remove(directory("other/\(name)"))
        try Files.makeDirectory(directory("other/jupyter_server_config.d"))
        try Files.write("{\"NotebookApp\": {}}", to: directory("other/jupyter_server_config.d/x.json"))
        #expect(try found() == nil)
        try Files.write("c.NotebookApp.x = 1\n", to: directory("env/mine.py"))
        for given in ["env/mine.py", "env/mine", "env/mine.json"] {
            #expect(
                try found(["--config", directory(given)], [("JUPYTER_NO_CONFIG", "1")]) == [directory("env/mine.py")])
        }
    }

    private struct Mistaken: Error {}
}
