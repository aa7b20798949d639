public import JSON
public import Timelines

extension FocusVersion {
  /// What FOCUS wants to be known of a file of data without opening it: its schema, and who made it.
  /// - Parameters:
  ///   - createdAt: when the schema was written, not the data.
  ///   - generatorVersion: of the program.
  public func metadata(createdAt: Instant, generatorVersion: String) -> JSONValue {
    [
      "SchemaId": .string(schemaID), "FocusVersion": .string(description),
      "CreationDate": .string(createdAt.description),
      "DataGenerator": "spaceplan", "DataGeneratorVersion": .string(generatorVersion),
      "ColumnDefinition": .array(columns.map(\.definition)),
    ]
  }

  /// A new one whenever the version or a column changes, as the specification asks: a UUID made from them
  /// (version 8 of RFC 9562, which leaves open how; here FNV-1a with 128 bits).
  package var schemaID: String {
    var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    for byte in "\(self)\n\(JSONValue.array(columns.map(\.definition)).text)".utf8 {
      hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
    }
    hash = hash & ~(0xF << 76) | (0x8 << 76)
    hash = hash & ~(0x3 << 62) | (0x2 << 62)
    let digits = String(hash, radix: 16)
    var rest = Substring(String(repeating: "0", count: 32 - digits.count) + digits)
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }.joined(separator: "-")
  }
}

extension FocusColumn {
  fileprivate var definition: JSONValue {
    var members: [String: JSONValue] = ["ColumnName": .string(id), "DataType": .string(kind.rawValue)]
    if kind == .string { members["StringEncoding"] = "UTF-8" }
    if let scale {
      // The dearest Space that a table of prices can have costs 2.4 × 10¹³ a day.
      members["NumericPrecision"] = 24
      members["NumberScale"] = .integer(Int64(scale))
    }
    // What begins otherwise, a person chose.
    if id == "Tags" { members["ProviderTagPrefixes"] = ["hf/"] }
    return .object(members)
  }
}
