/// How results are told to programs; nil is null.
extension JSONValue {
  package static func text(_ value: (any CustomStringConvertible)?) -> JSONValue {
    value.map { .string($0.description) } ?? .null
  }

  package static func number<Number: BinaryInteger>(_ value: Number?) -> JSONValue {
    value.map { .integer(Int64($0)) } ?? .null
  }
}
