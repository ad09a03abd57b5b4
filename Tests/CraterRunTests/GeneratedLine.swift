import CraterRunCore

/// Command lines as people write them and as they do not: of a table's options, in any order, with values that fit and do not.
struct GeneratedLine {
    private let table: OptionTable
    private let operands: [String]

    init(of table: OptionTable, operands: [String] = []) {
        self.table = table
        self.operands = operands
    }

    private static let values = [
        "1s", "0", "30m", "off", "any", "all", "a,b", "9550", "text", "json", "always", "never", "debug", "TERM", "x y",
        "a=b", "=",
        "/etc/x", "tensorboard --logdir x", "é", "lab", "keep", "1000", "",
    ]
    private static let strange = [
        "-", "--", "-x", "--help", "-h", "--version", "--unknown", "--lin", "word", "", "--=", "=", "-v", "--no-auto",
    ]

    func words(using random: inout SeededNumbers) -> [String] {
        var words: [String] = []
        for operand in operands where !random.isOne(in: 8) { words.append(operand) }
        for _ in 0..<random.below(4) {
            if random.isOne(in: 12) { words.append(random.element(of: Self.strange)) }
            let option = random.element(of: table.options.filter { $0.option != nil })
            let name = option.option ?? ""
            let value = random.element(of: Self.values)
            switch option.form {
            case .flag: words.append(random.isOne(in: 12) ? "\(name)=true" : name)
            case .value, .values:
                if random.isOne(in: 2) { words.append("\(name)=\(value)") } else { words += [name, value] }
            }
            if random.isOne(in: 20) { words.removeLast() }
        }
        if random.isOne(in: 6) { words.shuffle(using: &random) }
        return words
    }
}

/// The same numbers for the same seed, on every machine (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }

    mutating func below(_ end: Int) -> Int { Int(next() % UInt64(end)) }

    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }
}
