/// Does something for each element at once, and keeps their order. The client limits how many calls are in
/// flight.
func inOrder<Element: Sendable, Value: Sendable>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Value
) async -> [Value] {
  await withTaskGroup(of: Indexed<Value>.self) { group in
    for (index, element) in elements.enumerated() {
      group.addTask { Indexed(index: index, value: await body(element)) }
    }
    return await group.reduce(into: []) { $0.append($1) }.sorted { $0.index < $1.index }.map(\.value)
  }
}

/// A struct, as tuples of generic values that tasks return come out damaged in optimised builds (Swift 6.3.1).
private struct Indexed<Value: Sendable>: Sendable {
  let index: Int
  let value: Value
}
