/// Whether and how apps are served through the front door.
extension Setting where Value == Bool {
    package static var door: Setting {
        Setting(
            switch: "--door", "CRATER_RUN_DOOR",
            "Serve through a front door: a page instead of a 502 while the app is not there.")
    }

    package static var stripPrefix: Setting {
        Setting(
            switch: "--strip-prefix", "CRATER_RUN_STRIP_PREFIX",
            "Have the front door take the prefix off requests, for an app that cannot be served below a prefix.")
    }
}

extension Setting where Value == DurationOrOff {
    package static var sleepAfter: Setting {
        Setting(
            "--sleep-after", "CRATER_RUN_SLEEP_AFTER", "time|off",
            "Stop an app that nobody has used for this long; a visit starts it again. It implies --door.",
            fallback: "off, no app is put to sleep", expected: "a duration such as 500ms, 30s, 5m or 2h, or off",
            DurationOrOff.init)
    }
}

extension Setting where Value == LoginSetting {
    /// The flag stands for ``LoginSetting/key``.
    package static var login: Setting {
        Setting(
            flag: "--login", "CRATER_RUN_LOGIN", ": key, off, or the path of a file that has the key",
            "Have the front door ask for a key. A link with the key is printed once the app is ready.",
            expected: "key, off, or the path of a file with the key", LoginSetting.init)
    }
}

extension Setting where Value == LoginKey {
    package static var loginKey: Setting {
        Setting(
            secret: LoginKey.variable, "The key of the login, instead of a random one. It implies --login.",
            expected: "a key of \(LoginKey.shortest) to \(LoginKey.longest) bytes", { try? LoginKey($0) })
    }
}

extension SettingDeclaration {
    /// The options for the front door.
    static var door: [SettingDeclaration] {
        [
            Setting.door.declaration, Setting.login.declaration, Setting.loginKey.declaration,
            Setting.stripPrefix.declaration, Setting.sleepAfter.declaration,
        ]
    }
}
