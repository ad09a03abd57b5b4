/// How many typing mistakes two words are apart: letters that are missing, added, wrong or swapped.
package enum TypingDistance {
    /// Whether `typed` is likely to be `meant` with a typing mistake.
    package static func isLikely(_ typed: String, for meant: String) -> Bool {
        let length = meant.drop { $0 == "-" }.count
        return between(typed, meant) <= (length < 6 ? 1 : 2)
    }

    /// The restricted Damerau-Levenshtein distance: no letter is changed twice.
    static func between(_ first: String, _ second: String) -> Int {
        let (left, right) = (Array(first), Array(second))
        // Three rows of the table, each for one letter of `first`: the letter before the last, the last, and the
        // current.
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last.last ?? 0
    }
}
