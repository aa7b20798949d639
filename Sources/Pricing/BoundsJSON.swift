package import JSON

extension JSONValue {
  /// How bounds are told to programs; nil is null.
  package static func bounds<Value: CustomStringConvertible>(_ bounds: Bounds<Value>?) -> JSONValue {
    bounds.map { ["low": .text($0.low), "estimate": .text($0.estimate), "high": .text($0.high)] } ?? .null
  }
}
