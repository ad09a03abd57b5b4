/// What `probe` is told.
extension Setting where Value == Duration {
    package static var probeTimeout: Setting {
        Setting(
            "--timeout", "CRATER_RUN_PROBE_TIMEOUT", "time", "How long to wait for the answer.",
            fallback: "900ms, since a probe has one second unless timeoutSeconds says otherwise",
            expected: "a duration such as 500ms or 5s", { DurationText.parse($0).flatMap { $0 > .zero ? $0 : nil } })
    }
}

extension Setting where Value == HealthPort {
    /// The port of `--health-port`, for who asks there.
    package static var probePort: Setting {
        Setting(
            "--health-port", "CRATER_RUN_HEALTH_PORT", "number|off",
            "The TCP port to ask where there is no control socket.", fallback: "9550",
            expected: "a number from 1 to 65535, or off", HealthPort.init)
    }
}

extension Setting where Value == UInt32 {
    package static var probeUser: Setting {
        Setting(
            "--user", "CRATER_RUN_PROBE_USER", "number",
            "The number of the user that crater-run runs as, if that is neither root nor the probe's own.",
            expected: "a user's number, such as 1000", { UInt32($0) })
    }
}

extension Setting where Value == Bool {
    package static var verbose: Setting {
        Setting(flag: "--verbose", nil, "Print a line for each thing that was looked at.")
    }
}

extension OptionTable {
    package static var probe: OptionTable {
        OptionTable(
            [
                Setting.verbose.declaration, Setting.probeTimeout.declaration, Setting.probePort.declaration,
                Setting.probeUser.declaration,
            ], operands: .atMost(2))
    }
}
