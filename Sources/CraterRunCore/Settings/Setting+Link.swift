/// What a supervisor tells the front door that it starts. Nobody else does, and no help shows it.
extension Setting where Value == Int32 {
    /// The door's end of the link to its supervisor.
    package static var link: Setting {
        Setting("--link", nil, nil, nil, expected: "a descriptor's number", { Int32($0) })
    }
}

extension OptionTable {
    package static var door: OptionTable { OptionTable([Setting.link.declaration]) }
}
