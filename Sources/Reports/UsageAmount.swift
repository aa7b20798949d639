import Money

/// The words of a key or a column, by which it is known what is under it: `totalCostMicroUSD`, `total_cost_micro_usd`
/// and `Total cost (micro USD)` are the same.
package struct UsageName: Hashable {
  package let words: [String]

  package init(_ text: String) {
    var words: [String] = []
    var word = ""
    let letters = Array(text)
    for (index, letter) in letters.enumerated() {
      guard letter.isLetter || letter.isNumber || letter == "$" else {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      let isNext = index > 0 && letter.isUppercase && !letters[index - 1].isUppercase
      // `USDTotal` is two words.
      let endsCapitals =
        index > 0 && letter.isUppercase && letters[index - 1].isUppercase && index + 1 < letters.count
        && letters[index + 1].isLowercase
      if isNext || endsCapitals, !word.isEmpty {
        words.append(word)
        word = ""
      }
      word += letter.lowercased()
    }
    if !word.isEmpty { words.append(word) }
    self.words = words
  }

  var text: String { words.joined(separator: " ") }
}

/// A name under which usage has what was charged, and the unit that the name tells.
package struct UsageAmountName {
  /// Nano-dollars; nil where the name does not say.
  package let unit: Int128?
  /// Of several in one place the lowest is meant.
  let rank: Int

  /// Nil for all other names, such as limits, what is included, and prices of a unit.
  package init?(_ name: UsageName) {
    var rest: [String] = []
    var (prefix, isOfDollars): (Int128?, Bool) = (nil, false)
    for word in name.words {
      switch word {
      case "nano", "nanos": prefix = 1
      case "micro", "micros": prefix = 1000
      case "milli", "millis": prefix = 1_000_000
      case "cent", "cents": (prefix, isOfDollars) = (10_000_000, true)
      case "usd", "dollar", "dollars", "$": isOfDollars = true
      default: rest.append(word)
      }
    }
    guard let rank = Self.stems.firstIndex(of: rest.joined(separator: " ")) else { return nil }
    unit = isOfDollars ? prefix ?? 1_000_000_000 : nil
    if rest.isEmpty, unit == nil { return nil }
    self.rank = rank
  }

  private static let stems = [
    "used", "billed", "used cost", "billed cost", "total cost", "cost", "total", "total amount", "amount",
    "amount due", "charge", "charged", "total charge", "total charged", "spent", "usage cost", "net cost",
    "net amount", "due", "",
  ]
}

/// A number that somebody wrote, exactly.
package struct UsageNumber {
  private let digits: Int128
  private let places: Int
  /// It has a point or the sign of a dollar, so that it can't be a number of some small unit.
  let looksLikeDollars: Bool

  /// Reads `12.5`, `-3`, `$1,234.50`, `1234.50 USD` and, as accountants write what is less than nothing, `(3.00)`.
  /// Nil for anything else, also for a comma that may be a point.
  package init?(_ text: String) {
    var rest = Substring(text.filter { !$0.isWhitespace })
    var (isNegative, hasSign) = (false, false)
    if rest.hasPrefix("("), rest.hasSuffix(")") {
      isNegative = true
      rest = rest.dropFirst().dropLast()
    }
    for sign in ["USD", "US$", "$"] {
      if rest.uppercased().hasPrefix(sign) {
        rest = rest.dropFirst(sign.count)
        hasSign = true
      } else if rest.uppercased().hasSuffix(sign) {
        rest = rest.dropLast(sign.count)
        hasSign = true
      }
      if sign == "USD", rest.first == "-" {
        isNegative = true
        rest = rest.dropFirst()
      }
    }
    if rest.first == "-", !isNegative {
      isNegative = true
      rest = rest.dropFirst()
    }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first else { return nil }
    let groups = first.split(separator: ",", omittingEmptySubsequences: false)
    guard groups.count == 1 || (groups[0].count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 })
    else {
      return nil
    }
    // Twelve and a half, or twelve thousand five hundred? With a point nobody has to ask.
    guard groups.count == 1 || parts.count == 2 || groups.count > 2 else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    let all = groups.joined() + fraction
    guard !groups[0].isEmpty, parts.count == 1 || !fraction.isEmpty, all.utf8.count <= 27,
      all.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let digits = Int128(all)
    else { return nil }
    self.digits = isNegative ? -digits : digits
    places = fraction.utf8.count
    looksLikeDollars = hasSign || parts.count == 2
  }

  /// So many units, half to even to a whole number.
  /// - Parameter unit: 1 to 10⁹.
  package func units(of unit: Int128) -> Int128 { (digits * unit).dividedHalfToEven(by: .powerOfTen(places)) }
}
