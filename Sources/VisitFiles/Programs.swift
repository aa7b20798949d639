/// Tells the requests of monitors and crawlers from those of people, by what user agents say of themselves, and counts
/// them.
struct Programs {
  /// What names of monitors and crawlers contain, in small letters.
  private static let marks: [[UInt8]] = [
    "bot", "crawler", "spider", "slurp", "uptime", "monitor", "healthcheck", "health-check", "kube-probe",
    "googlehc", "pingdom", "statuscake", "site24x7", "datadog", "newrelic", "blackbox", "nagios", "zabbix",
  ].map { Array($0.utf8) }

  /// A make of phones.
  private static let noProgram = Array("cubot".utf8)

  /// User agents and programs that are remembered, so that memory stays flat where each request makes up another.
  private static let mostRemembered = 10_000
  private static let others = "others"

  /// The programs of user agents; empty for those of people.
  private var known: [String: String] = [:]
  private(set) var requests: [String: Int] = [:]

  /// Whether a monitor or crawler says that the request is its own, which is counted then.
  mutating func take(_ agent: ArraySlice<UInt8>) -> Bool {
    // A log has few of them, and text is looked up faster than searched.
    let text = String(decoding: agent, as: UTF8.self)
    let remembered = known[text]
    var name = remembered ?? Self.program(agent) ?? ""
    if remembered == nil, known.count < Self.mostRemembered { known[text] = name }
    guard !name.isEmpty else { return false }
    if requests[name] == nil, requests.count >= Self.mostRemembered { name = Self.others }
    requests[name, default: 0] += 1
    return true
  }

  /// The first word that names a monitor or crawler, as it is written.
  private static func program(_ agent: ArraySlice<UInt8>) -> String? {
    agent.split { !isPartOfName($0) }.first { word in
      !isAt(word, noProgram) && word.indices.contains { index in marks.contains { isAt(word[index...], $0) } }
    }.map { String(decoding: $0.prefix(40), as: UTF8.self) }
  }

  private static func isAt(_ text: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
    // The bit that tells small letters from capitals; digits and hyphens have it.
    text.starts(with: mark) { $0 | 0x20 == $1 }
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
