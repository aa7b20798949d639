/// Finds what somebody probably meant to write.
package enum Spelling {
  /// The nearest of the words, ignoring case, or nil if none is near: at most a third of the letters wrong.
  package static func nearest(to text: String, among words: some Sequence<String>) -> String? {
    let given = Array(text.lowercased().unicodeScalars)
    var best: (word: String, distance: Int)?
    for word in words {
      let distance = distance(given, Array(word.lowercased().unicodeScalars))
      guard distance <= max(given.count, word.unicodeScalars.count) / 3 else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (word, distance) }
    }
    return best?.word
  }

  /// The number of letters to add, drop, change, or swap with their neighbour (optimal string alignment).
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var current = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, beforePrevious[j - 1] + 1) }
        current.append(cost)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
