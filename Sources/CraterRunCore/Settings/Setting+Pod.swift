/// Where crater-run finds what it is told, and keeps what belongs to it.
extension Setting where Value == String {
    package static var annotations: Setting {
        Setting(
            text: "--annotations", "CRATER_RUN_ANNOTATIONS", "file",
            "The annotations file of the Pod's downward-API volume.", fallback: AnnotationsReadFailure.defaultPath,
            suggestions: .file, expected: "a file's path")
    }

    /// The environment alone says it: who looks for a supervisor, and the supervisor, have it from the container.
    package static var runDirectory: Setting {
        Setting(
            text: nil, "CRATER_RUN_DIR", nil, nil,
            fallback: "/run/crater-run, else crater-run-<uid> in /tmp or /dev/shm, whichever of the two is safe",
            suggestions: .directory,
            expected: "a directory")
    }
}

extension Setting where Value == PublicHost {
    package static var publicHost: Setting {
        Setting(
            "--public-host", "CRATER_RUN_PUBLIC_HOST", "host",
            "The host in the URLs of rules that name none themselves: host, host:port or https://host.",
            fallback: "none, only the path is shown", expected: "host, host:port or https://host",
            { try? PublicHost($0) })
    }
}

extension SettingDeclaration {
    /// What every command has that reads the rules.
    package static var pod: [SettingDeclaration] {
        [Setting.annotations.declaration, Setting.publicHost.declaration]
    }
}
