import CraterRunCore
import Testing

struct AppFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let words: [String]
        var cause: String?
        /// What the cure has in it; nil if there is none.
        let cure: String?

        var testDescription: String { words.last ?? "" }
    }

    private static let traceback = [
        "Traceback (most recent call last):", "  File \"/x/tensorboard\", line 5, in <module>",
    ]

    @Test(arguments: [
        Case(
            words: traceback + ["    import pkg_resources", "ModuleNotFoundError: No module named 'pkg_resources'"],
            cause: "ModuleNotFoundError: No module named 'pkg_resources'", cure: "setuptools<82"),
        Case(words: ["ImportError: No module named yaml"], cure: "pip install pyyaml"),
        Case(words: ["/usr/bin/python3: No module named tensorboard"], cure: "pip install tensorboard"),
        Case(words: ["ModuleNotFoundError: No module named 'google.protobuf'"], cure: "pip install protobuf"),
        Case(words: ["ModuleNotFoundError: No module named 'imp'"], cure: "too old for this Python"),
        Case(words: ["/x/python: No module named jupyterlab.__main__; 'jupyterlab' is a package"], cure: "jupyterlab"),
        Case(
            words: ["ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C"],
            cure: "numpy<2"),
        Case(
            words: ["A module that was compiled using NumPy 1.x cannot be run in", "NumPy 2.0.1 as it may crash.", ""],
            cause: "A module that was compiled using NumPy 1.x cannot be run in", cure: "numpy<2"),
        Case(
            words: [
                "ImportError: numpy.core.umath failed to import",
                "TypeError: Unable to convert function return value to a Python type! The signature was",
                "\t() -> handle",
            ],
            cause: "TypeError: Unable to convert function return value to a Python type! The signature was",
            cure: "numpy<2"),
        Case(words: ["ImportError: numpy.core._multiarray_umath failed to import"], cure: "numpy<2"),
        Case(words: ["ImportError: numpy._core.multiarray failed to import"], cure: "numpy<2"),
        Case(words: ["AttributeError: module 'numpy' has no attribute 'bool'."], cure: "numpy<1.24"),
        Case(
            words: ["TypeError: Descriptors cannot not be created directly.", "If this call came from a _pb2.py file"],
            cause: "TypeError: Descriptors cannot not be created directly.", cure: "protobuf<3.21"),
        Case(words: ["AttributeError: 'MessageFactory' object has no attribute 'GetPrototype'"], cure: "protobuf<5"),
        Case(
            words: ["ImportError: cannot import name 'runtime_version' from 'google.protobuf' (/x/__init__.py)"],
            cure: "--upgrade protobuf"),
        Case(words: ["AttributeError: module 'tornado.web' has no attribute 'asynchronous'"], cure: "tornado<6.5"),
        Case(words: ["OSError: [Errno 28] No space left on device: '/tmp/x'"], cure: "df -h"),
        Case(words: ["OSError: [Errno 28] inotify watch limit reached"], cure: "fs.inotify"),
        Case(words: ["OSError: [Errno 122] Disk quota exceeded"], cure: "df -h"),
        Case(words: ["OSError: [Errno 98] Address already in use"], cure: "crater-run doctor"),
        Case(
            words: ["ERROR: The port 8888 is already in use, please stop the other server"], cure: "crater-run doctor"),
        Case(
            words: ["usage: tensorboard [-h]", "tensorboard: error: unrecognized arguments: --no-such-flag"],
            cause: "tensorboard: error: unrecognized arguments: --no-such-flag", cure: "mend what follows the --"),
        Case(words: ["Error: No such option: --nope"], cure: "mend what follows the --"),
        Case(words: ["ImportError: libGL.so.1: cannot open shared object file"], cure: "system library"),
        Case(words: ["x: /lib/libc.so.6: version `GLIBC_2.38' not found"], cure: "newer system"),
        Case(words: ["PermissionError: [Errno 13] Permission denied: '/data'"], cure: "ls -l"),
        // The later fault is the cause, also if only its cure tells that it is one.
        Case(
            words: ["error: cannot load extension x", "/bin/sh: 1: ./serve: Permission denied"],
            cause: "/bin/sh: 1: ./serve: Permission denied", cure: "ls -l"),
        Case(
            words: ["error: x", "y.py:1: UserWarning: Permission denied", "bye"], cause: "error: x", cure: nil),
        // What nobody knows is said as it is.
        Case(
            words: traceback + ["ValueError: strange", "Exception ignored in: <x>"],
            cause: "ValueError: strange", cure: nil),
        Case(words: ["one", "two  ", "  "], cause: "two", cure: nil),
        Case(
            words: ["jsonschema.exceptions.ValidationError: 7", "on instance"],
            cause: "jsonschema.exceptions.ValidationError: 7", cure: nil),
    ])
    func tellsTheCauseAndTheCure(_ test: Case) throws {
        let fault = try #require(AppFault(lastWords: test.words, of: "tensorboard"))
        #expect(fault.cause == test.cause ?? test.words.last)
        if let cure = test.cure {
            #expect(fault.cure?.contains(cure) ?? false, "\(fault)")
        } else {
            #expect(fault.cure == nil)
        }
    }

    /// Lines before the last error are of faults that the app has survived, and warnings are of none.
    @Test(arguments: [
        ["OSError: [Errno 98] Address already in use, trying another port", "ValueError: strange"],
        ["ModuleNotFoundError: No module named 'yaml'", "Traceback (most recent call last):", "KeyError: 'x'"],
        [
            "x.py:4: UserWarning: pkg_resources is deprecated as an API. Use setuptools<81.", "  import pkg_resources",
            "Error: no data",
        ],
        ["x.py:4: UserWarning: pkg_resources is deprecated as an API. Use setuptools<81.", "Aborted"],
        ["x.py:4: UserWarning: Failed to initialize NumPy: _ARRAY_API not found (Triggered internally)", "Killed"],
        ["x.py:4: DeprecationWarning: `np.bool8` is a deprecated alias for `np.bool_`."],
        ["pkg_resources.DistributionNotFound: The 'x' distribution was not found"],
        // Any extension module may say so.
        ["import numpy", "TypeError: Unable to convert function return value to a Python type! The signature was"],
    ])
    func doesNotCureWhatIsNotTheCause(_ words: [String]) throws {
        let fault = try #require(AppFault(lastWords: words, of: "tensorboard"))
        #expect(fault.cause == words.last)
        #expect(fault.cure == nil)
    }

    /// What a script cleans up with after the error is not the cause.
    @Test func whatFollowsAnExceptionIsNotTheCause() throws {
        let denied = "rm: cannot remove '/run/x.pid': Permission denied"
        let fault = try #require(AppFault(lastWords: ["ValueError: cannot parse config", denied], of: "demo"))
        #expect(fault.cause == "ValueError: cannot parse config" && fault.cure == nil)
        for taken in ["OSError: [Errno 98] Address already in use", "error: port 7 is already in use"] {
            let busy = try #require(AppFault(lastWords: [taken, denied], of: "demo"))
            #expect(busy.cause == taken && busy.cure?.contains("crater-run doctor") == true)
        }
    }

    /// A plugin that is missing is not why the app ended, if a line at the end says more.
    @Test func aFarExceptionIsNotTheCauseOfAKnownFault() throws {
        let survived = ["Traceback (most recent call last):", "ModuleNotFoundError: No module named 'plugin'"]
        let lines = (0..<12).map { "INFO line \($0)" }
        let taken = "Cannot start Bokeh server, port 5006 is already in use"
        let fault = try #require(AppFault(lastWords: survived + lines + [taken], of: "bokeh"))
        #expect(fault.cause == taken && fault.cure?.contains("crater-run doctor") == true)
        let none = try #require(AppFault(lastWords: survived + lines, of: "bokeh"))
        #expect(none.cause == survived.last)
    }

    /// Only the end of a long traceback is known.
    @Test func tensorFlowsOwnLinesTellOfNumPy() throws {
        let words = [
            "    _np_bfloat16 = _pywrap_bfloat16.TF_bfloat16_type()",
            "TypeError: Unable to convert function return value to a Python type! The signature was", "\t() -> handle",
        ]
        #expect(try #require(AppFault(lastWords: words, of: "tensorboard")).cure?.contains("numpy<2") == true)
    }

    @Test func doesNotInstallPackagesByTheNamesOfTheUsersFiles() throws {
        for code in [AppCode.userScript, .userCommand] {
            for module in ["helpers", "yaml"] {
                let words = ["ModuleNotFoundError: No module named '\(module)'"]
                let cure = try #require(AppFault(lastWords: words, of: "gradio", code: code)?.cure)
                #expect(cure.contains("PYTHONPATH") && !cure.contains("pip install"), "\(cure)")
            }
            let words = ["ModuleNotFoundError: No module named 'pkg_resources'"]
            #expect(
                AppFault(lastWords: words, of: "gradio", code: code)?.cure?.contains("setuptools<82") ?? false)
        }
    }

    @Test func tellsWhoseCodeAnAppRuns() {
        #expect(AppCode(of: TensorBoard()) == .program)
        #expect(AppCode(of: Voila(PassedWords([]))) == .program)
        let none = PassedWords([])
        let apps: [any WebApp] = [Gradio(none), Dash(none), Streamlit(none), Bokeh(none), Panel(none)]
        for app in apps { #expect(AppCode(of: app) == .userScript, "\(app.identity.name)") }
        #expect(AppCode(of: CustomApp(name: "demo", command: ["demo"])) == .userCommand)
        for word in ["{port}", "--port={port}", "demo --port $CRATER_PORT"] {
            #expect(AppCode(of: CustomApp(name: "demo", command: ["demo", word])) == .userCommandWithPort)
        }
    }

    @Test func saysNothingWhereTheAppDoesNot() {
        #expect(AppFault(lastWords: [], of: "x") == nil)
        #expect(AppFault(lastWords: ["", "  "], of: "x") == nil)
    }

    @Test func cutsWhatIsLong() {
        #expect(AppFault(lastWords: [String(repeating: "x", count: 5000)], of: "x")?.cause.count == 300)
    }
}
