import ArgumentParser
import CraterRunCore

/// An option of the command line, as its ``Setting`` declares it.
extension Option where Value == String? {
    init<Read>(_ setting: Setting<Read>) {
        let declaration = setting.declaration
        self.init(
            name: declaration.nameSpecification, help: declaration.argumentHelp, completion: declaration.completion)
    }
}

extension Option where Value == Int32? {
    init(_ setting: Setting<Int32>) {
        let declaration = setting.declaration
        self.init(name: declaration.nameSpecification, help: declaration.argumentHelp)
    }
}

extension Option where Value: ExpressibleByArgument {
    /// An option that is required.
    init<Read>(_ setting: Setting<Read>) {
        let declaration = setting.declaration
        self.init(name: declaration.nameSpecification, help: declaration.argumentHelp)
    }

    init(wrappedValue: Value, _ setting: Setting<Value>) {
        let declaration = setting.declaration
        self.init(wrappedValue: wrappedValue, name: declaration.nameSpecification, help: declaration.argumentHelp)
    }
}

extension Option where Value == [String] {
    init(wrappedValue: [String], _ setting: Setting<[String]>) {
        let declaration = setting.declaration
        self.init(
            wrappedValue: wrappedValue, name: declaration.nameSpecification, help: declaration.argumentHelp,
            completion: declaration.completion)
    }
}

extension Option where Value == OutputFormat? {
    /// Without a completion: the library itself completes the words of an enumeration.
    init(_ setting: Setting<OutputFormat>) {
        let declaration = setting.declaration
        self.init(name: declaration.nameSpecification, help: declaration.argumentHelp)
    }
}

extension Flag where Value == Bool {
    init(wrappedValue: Bool, _ setting: Setting<Bool>) {
        let declaration = setting.declaration
        self.init(wrappedValue: wrappedValue, name: declaration.nameSpecification, help: declaration.argumentHelp)
    }
}

extension Flag where Value == Bool {
    /// A flag whose variable can say more.
    init(wrappedValue: Bool, _ setting: Setting<LoginSetting>) {
        let declaration = setting.declaration
        self.init(wrappedValue: wrappedValue, name: declaration.nameSpecification, help: declaration.argumentHelp)
    }
}

extension SettingDeclaration {
    fileprivate var nameSpecification: NameSpecification { .customLong(String((option ?? "").dropFirst(2))) }

    fileprivate var argumentHelp: ArgumentHelp {
        guard summary != nil else { return .hidden }
        guard let placeholder else { return ArgumentHelp(help) }
        return ArgumentHelp(help, valueName: placeholder)
    }

    fileprivate var completion: CompletionKind? {
        switch suggestions {
        case .unspecified: nil
        case .file: .file()
        case .directory: .directory
        case .choices(let words): .list(words)
        case .rules: Completions.rules
        case .apps: Completions.apps
        case .signals: Completions.signals
        }
    }
}
