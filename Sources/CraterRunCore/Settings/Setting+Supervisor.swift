/// What the init role tells the supervisor that it starts. Nobody else does, and no help shows it.
extension Setting where Value == UInt64 {
    /// In hexadecimal. The same for a supervisor that follows one that was killed.
    package static var nonce: Setting {
        Setting("--nonce", nil, nil, nil, expected: "a hexadecimal number", { UInt64($0, radix: 16) })
    }
}

extension Setting where Value == Int64 {
    /// On the monotonic clock, in nanoseconds.
    package static var jobStarted: Setting {
        Setting("--job-started", nil, nil, nil, expected: "a number of nanoseconds", { Int64($0) })
    }
}

extension Setting where Value == JobEnd {
    /// How the job ended, for a supervisor that is started later.
    package static var jobEnded: Setting {
        Setting(
            "--job-ended", nil, nil, nil, expected: "an exit code, @ and a number of nanoseconds", { JobEnd(text: $0) })
    }
}

extension Setting where Value == Bool {
    /// A supervisor before this one may have left processes behind.
    package static var followsAnother: Setting { Setting(flag: "--follows-another", nil, nil) }
}

extension Setting where Value == Int {
    /// How many supervisors in a row before this one have hung.
    package static var afterHangs: Setting {
        Setting("--after-hangs", nil, nil, nil, expected: "a number", { Int($0) })
    }
}

extension Setting where Value == Int32 {
    /// The descriptors that the init role has for all supervisors of the run.
    package static var memory: Setting { descriptor("--memory") }
    package static var owner: Setting { descriptor("--owner") }
    /// The first one of two, one after the other.
    package static var parking: Setting { descriptor("--parking") }

    private static func descriptor(_ option: String) -> Setting {
        Setting(option, nil, nil, nil, expected: "a descriptor's number", { Int32($0) })
    }
}

extension SettingDeclaration {
    static var supervisor: [SettingDeclaration] {
        [
            Setting.nonce.declaration, Setting.jobStarted.declaration, Setting.jobEnded.declaration,
            Setting.followsAnother.declaration,
            Setting.afterHangs.declaration, Setting.memory.declaration, Setting.owner.declaration,
            Setting.parking.declaration,
        ]
    }
}
